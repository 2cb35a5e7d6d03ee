"""What eyes meet: masked addresses, exhibits, pictures, the frame of the widgets, files fit to publish."""
