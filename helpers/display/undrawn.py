"""Nothing goes in; the signs that fonts do not draw come out, for those who look for them or through them."""

# What fonts do not draw, as ranges of a character class: Unicode's Default_Ignorable_Code_Point, but for U+FE0E and
# U+FE0F, which choose between the two drawings of a sign such as ☎.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
