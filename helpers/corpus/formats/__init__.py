"""Files of any form, read one by one in a process with bounds."""
