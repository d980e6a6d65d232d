### The words of this area; each key stands in both languages.

sms-code-sign-in = Your OTP to register/access CoWIN is { $code }. It will be valid for 3 minutes. - CoWIN
sms-code-certificate = Your OTP to download your certificate is { $code }. It will be valid for 3 minutes. - CoWIN
sms-code-presence = Your OTP to show at your vaccination session is { $code }. Read it to your vaccinator only. It will be valid for 3 minutes. - CoWIN
sms-appointment = Your appointment: { $centre }, { $day }, { $slot }. Bring your slip or its four-digit code.
sms-called-off = The session at { $centre } on { $day } is called off. Please choose another: sign in or ask at any centre.
