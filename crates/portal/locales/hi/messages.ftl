### The words of this area; each key stands in both languages.

sms-code-sign-in = CoWIN में पंजीकरण/प्रवेश के लिए आपका OTP { $code } है। यह 3 मिनट तक मान्य रहेगा। - CoWIN
sms-code-certificate = प्रमाणपत्र डाउनलोड करने के लिए आपका OTP { $code } है। यह 3 मिनट तक मान्य रहेगा। - CoWIN
sms-code-presence = टीकाकरण सत्र में दिखाने के लिए आपका OTP { $code } है। इसे केवल अपने टीकाकर्मी को बताएँ। यह 3 मिनट तक मान्य रहेगा। - CoWIN
sms-appointment = आपका समय: { $centre }, { $day }, { $slot }। अपनी पर्ची या उसका चार अंकों का कोड साथ लाएँ।
sms-called-off = { $centre } में { $day } का सत्र रद्द हो गया है। कृपया दूसरा चुनें: साइन इन करें या किसी भी केंद्र पर पूछें।
