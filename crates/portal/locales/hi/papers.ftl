### काग़ज़ पर छपने वाले शब्द: पर्ची, प्रमाणपत्र, कार्ड। हर पन्ने पर दोनों भाषाएँ साथ-साथ रहती हैं।

paper-masthead = टीका · राष्ट्रीय टीकाकरण मंच
paper-footer = आपकी जानकारी का हर बार देखा जाना दर्ज होता है; “किसने देखा” में पढ़ें। टीका से कोई भी कभी फ़ोन पर आपसे कोड नहीं माँगेगा।

paper-name = नाम
paper-birth-year = जन्म का वर्ष
paper-gender = लिंग
paper-male = पुरुष
paper-female = महिला
paper-other = अन्य
paper-id = पहचान दस्तावेज़
paper-reference = लाभार्थी संदर्भ संख्या
paper-reference-ends = संदर्भ संख्या के अंतिम अंक
paper-reference-code = लाभार्थी संदर्भ संख्या वाला क्यूआर कोड
paper-beneficiary = लाभार्थी
paper-vaccine = टीका
paper-centre = टीकाकरण केंद्र
paper-address = पता
paper-fee = शुल्क

paper-slip-title = अपॉइंटमेंट पर्ची
paper-slip-number = अपॉइंटमेंट { $number }
paper-appointment = आपका अपॉइंटमेंट
paper-day = दिन
paper-slot = समय
paper-dose = खुराक
paper-code = चार अंकों का कोड
paper-slip-caption = सत्र में यह क्यूआर कोड दिखाएँ, फिर अपना चार अंकों का कोड बताएँ। यदि आपने पंजीकरण में पहचान दस्तावेज़ दिया था, तो उसे साथ लाएँ।
paper-slip-note = चार अंकों का कोड दिखाता है कि आप स्वयं वहाँ हैं। इसे केवल केंद्र के टीकाकर्मी को बताएँ, किसी और को नहीं।

paper-certificate-title = टीकाकरण प्रमाणपत्र
paper-certificate-number = प्रमाणपत्र { $number }, संस्करण { $version }
paper-doses = दी गई खुराकें
paper-dose-of = खुराक { $number } / { $total }
paper-dose-day = तारीख़
paper-batch = बैच संख्या
paper-manufacturer = निर्माता
paper-dose-place = टीकाकरण का स्थान
paper-vaccinator = टीका लगाने वाले
paper-certificate-code = हस्ताक्षरित प्रमाणपत्र वाला क्यूआर कोड
paper-certificate-caption = कोई भी इस प्रमाणपत्र को बिना नेटवर्क के जाँच सकता है: टीका के जाँच पृष्ठ पर या उसके सत्यापक से यह कोड स्कैन करें या यह पीडीएफ़ खोलें। कोड वही दिखाता है जो इस पन्ने पर है, उससे अधिक कुछ नहीं।
paper-certificate-note = यदि यहाँ कुछ ग़लत है, तो सुधार का अनुरोध करें; सुधारा गया प्रमाणपत्र इसका स्थान लेगा।
paper-issued = { $issuer } द्वारा { $date } को जारी।
paper-attachment = हस्ताक्षरित प्रमाणपत्र, पाठ के रूप में

paper-card-title = आपका पंजीकरण
paper-card-heading = पंजीकरण कार्ड
paper-card-number = कार्ड संख्या
paper-card-code = संदर्भ संख्या और कार्ड संख्या वाला क्यूआर कोड
paper-card-note = रेखा पर काटें और हर टीकाकरण में कार्ड साथ लाएँ। यह दिखाता है कि आप स्वयं वहाँ हैं, इसलिए फ़ोन की ज़रूरत नहीं।
paper-card-keep = कार्ड को बैंक कार्ड की तरह सँभालकर रखें। फ़ोन से अपनी जानकारी देखने के लिए अपने नंबर से साइन इन करें और संदर्भ संख्या के अंतिम छह अंक लिखें।
