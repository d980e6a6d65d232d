### Leaving, downloading, moving, and the notice; each key stands in both languages.

sms-code-leaving = { $code } erases a member of your family from Teeka for good. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-download = Your OTP to download all data of a member of your family is { $code }. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-move-away = { $code } moves a member of your family to another phone. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-move-here = { $code } brings somebody to the family of this phone. Tell it only to whom you want in your family. It will be valid for 3 minutes. - CoWIN
sms-moving = A member of this phone's family will move to another phone. If that is wrong, sign in before { $until } and stop it under My data, or ask at any centre.
