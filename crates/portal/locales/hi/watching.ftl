### जो देखने वालों पर नज़र रखते हैं: संदेश, कौन जुड़ा है, जाँच।

sms-new-browser = इस नंबर पर भेजे गए कोड से किसी ने नए ब्राउज़र से टीका में साइन इन किया है। अगर यह आप या आपका परिवार नहीं था, तो अपने कोड किसी को न बताएँ, और देखें कि आपका डेटा किसने देखा: साइन इन करें या किसी भी केंद्र पर पूछें।
sms-first-look = { $organisation } ने इस नंबर से पंजीकृत किसी व्यक्ति का डेटा पहली बार देखा ({ $purpose })। सब देखने वालों की सूची: साइन इन करके “किसने देखा” चुनें, या किसी भी केंद्र पर पूछें।

connected-title = कौन जुड़ा है
connected-lead = जिसका भी आपके डेटा से कोई काम पड़ सकता है, वह यहाँ लिखा है, और यह भी कि किस आधार पर। इनके सिवा कोई नहीं।
connected-looks = किसी व्यक्ति का डेटा कौन देख सकता है
connected-looks-how = बीत चुके पिछले { $days } दिनों के रिकॉर्ड से गिना गया। छोटी संख्याएँ नहीं दिखाई जातीं, क्योंकि उनसे किसी का पता चल सकता है।
connected-who = कौन
connected-ground = किस आधार पर
connected-fields = क्या दिखता है
connected-count = कितनी बार
connected-you = आप और आपका परिवार
connected-you-ground = आपके फ़ोन पर भेजा गया कोड
connected-vaccinator = आपकी टीकाकर्मी
connected-vaccinator-ground = आप उसके सत्र में मौजूद हैं और यह दिखा चुके हैं
connected-client = वह संस्था जिसे आपने अनुमति दी
connected-client-ground = आपकी अनुमति, जिसे आप वापस ले सकते हैं
connected-client-fields = जिसकी आपने अनुमति दी
connected-officer = दो अधिकारी
connected-officer-ground = आपका खोला हुआ मामला, या संख्या वाला क़ानूनी आदेश
connected-officer-fields = जितना मामले के लिए चाहिए
connected-parties = इसे कौन चलाता है
connected-key-holder = चाबियाँ रखता है
connected-witnesses = रिकॉर्ड पर नज़र रखते हैं
connected-auditors = रिकॉर्ड की जाँच करते हैं
connected-messenger = संदेश भेजता है और हर संदेश का फ़ोन नंबर देखता है
connected-identity = पहचान की पुष्टि करता है
connected-backup = प्रतियाँ रखता है
connected-nobody = कोई नहीं
connected-clients = संस्थाएँ जो आपकी अनुमति से पूछती हैं

audits-title = जाँच रिपोर्टें
audits-lead = जाँचकर्ता पूरा रिकॉर्ड पढ़ते हैं और जो मिला उसे यहाँ बताते हैं।
audits-none = अभी तक कोई जाँच रिपोर्ट नहीं आई।
audits-line =
    { $count ->
        [one] { $auditor }, { $date }: एक प्रविष्टि
       *[other] { $auditor }, { $date }: { $count } प्रविष्टियाँ
    }
audits-stands = कुछ भी टूटा नहीं मिला
audits-falls = कुछ वैसा नहीं है जैसा होना चाहिए
audits-held = सही
audits-broken = टूटा हुआ
audits-unchecked = जाँचा नहीं गया
audits-how = जो सार्वजनिक है उसे कोई भी teeka audit आदेश से जाँच सकता है। अधिकार-पत्र वाला जाँचकर्ता बाक़ी भी जाँचता है और रिपोर्ट इसी पते पर भेजता है।

status-audit = पिछली जाँच
status-facts = डेटा रिसाव खोजने के लिए नोट
status-facts-none = अभी तक कोई दिन पूरा नहीं हुआ।
status-facts-good = पूरे हैं
status-facts-alarm = चेतावनी
status-facts-text = { $date }: { $looks } में से हर बार देखे जाने का नोट मौजूद है।
status-facts-amiss = { $date }: { $looks } में से { $amiss } बार का नोट नहीं है या ग़लत है।
