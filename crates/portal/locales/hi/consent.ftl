### साझेदारों को दी गई अनुमतियाँ: अनुरोध, पन्ना, सूची, और साझेदारों के लिए पन्ना।

sms-consent = { $notice } यदि आप सहमत हैं, तो आपका कोड { $code } है, 3 मिनट तक मान्य। यदि आपने यह नहीं चाहा, तो कोड किसी को न बताएँ।
sms-status = { $partner } पूछ रहा है कि आपको टीका लगा है या नहीं। उसे केवल हाँ, आंशिक या नहीं दिखेगा। यदि आप सहमत हैं, तो आपका कोड { $code } है, 3 मिनट तक मान्य। यदि आपने यह नहीं चाहा, तो कोड किसी को न बताएँ।

consent-notice = { $partner } आपकी यह जानकारी देखना चाहता है: { $fields }, आपकी खुराकें और आपकी बुकिंग, { $time } में { $reads ->
    [one] एक बार
   *[other] अधिकतम { $reads } बार
}। उद्देश्य: { $purpose }।
consent-hours = { $hours ->
    [one] 1 घंटा
   *[other] { $hours } घंटे
}
consent-minutes = { $minutes ->
    [one] 1 मिनट
   *[other] { $minutes } मिनट
}

consent-title = { $partner } आपकी अनुमति माँग रहा है
consent-who = कौन माँग रहा है
consent-sees = उसे दिखेगा
consent-sees-doses = आपकी खुराकें और आपकी बुकिंग
consent-purpose = किस लिए
consent-often = कितनी बार
consent-often-times = { $reads ->
    [one] एक बार
   *[other] अधिकतम { $reads } बार
}
consent-long = कितने समय तक
consent-not = उसे और कुछ नहीं दिखता, आपकी सहमति से पहले यह भी नहीं कि आपके नंबर पर कोई पंजीकृत है। हर बार देखना आपकी सूची में लिखा जाता है, और आप अनुमति कभी भी समाप्त कर सकते हैं।
consent-code-title = आगे बढ़ना चाहें तो कोड लिखें
consent-code = संदेश में आया कोड
consent-code-hint = 8 अंक, आपके मोबाइल पर भेजे गए। 3 मिनट तक मान्य। निर्णय आप अगले पन्ने पर ही लेंगे।
consent-code-form = संदेश में आया 8 अंकों का कोड लिखें
consent-code-wrong = संदेश में आया 8 अंकों का कोड लिखें। { $left ->
    [one] आप 1 बार और कोशिश कर सकते हैं।
   *[other] आप { $left } बार और कोशिश कर सकते हैं।
}
consent-code-gone = यह कोड अब मान्य नहीं है। नीचे से नया मँगाएँ।
consent-again = कोड नहीं आया, या पुराना हो गया?
consent-again-text = पिछले कोड के एक मिनट बाद नया मिल सकता है।
consent-again-go = नया कोड भेजें
consent-again-sent = नया कोड भेजा जा रहा है।
consent-again-wait = आप { $time } पर नया कोड मँगा सकते हैं।
consent-decide = क्या आप अनुमति देते हैं?
consent-of-whom = किसकी जानकारी देखी जा सकती है?
consent-of-whom-hint = पर्ची या प्रमाणपत्र पर लिखे लाभार्थी संदर्भ के अंतिम चार अंक।
consent-ending = संदर्भ जिसके अंत में { $ending } है
consent-of-whom-missing = चुनें कि किसकी जानकारी देखी जा सकती है
consent-allow = अनुमति दें
consent-refuse = अनुमति न दें
consent-given = आपने अनुमति दी
consent-given-text = { $partner } { $time } तक देख सकता है। उसके पन्ने या ऐप पर लौट जाएँ।
consent-given-end = “दी हुई अनुमतियाँ” में आप इसे कभी भी समाप्त कर सकते हैं।
consent-refused = आपने अनुमति नहीं दी
consent-refused-text = { $partner } को कुछ नहीं दिखता, और उसे यह भी नहीं बताया जाता कि आप यहाँ आए थे।
consent-nobody = दिखाने के लिए कोई नहीं है
consent-nobody-text = इस नंबर पर कोई पंजीकृत नहीं है, या 90 दिन से यहाँ इसका उपयोग नहीं हुआ। { $partner } को कुछ नहीं बताया जाता। आगे बढ़ने के लिए पहले इस नंबर से साइन इन करें।

permissions-title = दी हुई अनुमतियाँ
permissions-lead = यहाँ लिखा है कि कौन-सा साझेदार क्या और कब तक देख सकता है। अनुमति समाप्त करते ही देखना बंद हो जाता है।
permissions-none = कोई अनुमति नहीं दी गई।
permissions-of = { $name }
permissions-seen = देख सकता है
permissions-used = देखा
permissions-used-of = { $reads } में से { $used } बार
permissions-made = कब दी
permissions-until = कब तक
permissions-stands = लागू है
permissions-used-up = पूरी हो गई
permissions-over = समाप्त
permissions-stopped = आपने समाप्त की
permissions-stop = यह अनुमति समाप्त करें
permissions-said-stopped = अनुमति समाप्त हो गई। साझेदार अब नहीं देख सकता।
permissions-proof = इस अनुमति का हस्ताक्षरित प्रमाण
permissions-proof-text = साझेदार के पास भी यही पाठ है। इस पर हस्ताक्षर हैं, और इसमें सार्वजनिक लॉग की प्रविष्टि का नाम है।

looks-kind-consent = अनुमति दी
looks-kind-revoke = अनुमति समाप्त की
looks-client = { $name } (साझेदार)

privacy-way-consent = साझेदार जिसे आपने अनुमति दी
privacy-way-consent-text = कोई ऐप या कार्यालय, जिसे आप अपनी जानकारी दिखाना चाहें, अनुरोध करता है; आपको संदेश मिलता है कि कौन और क्या; और केवल आपका कोड अनुमति देता है: बताई गई जानकारी, अधिकतम पाँच बार, अधिकतम एक दिन। आप इसे कभी भी समाप्त कर सकते हैं।
privacy-partners = साझेदारों को क्या करना होता है

partners-title = साझेदार बनें
partners-lead = साझेदार वह संस्था है जिसके ऐप या कार्यालय को लोग अपनी टीकाकरण जानकारी दिखाना चाहते हैं। उसे एक बार में एक ही व्यक्ति की जानकारी दिखती है, और केवल वही जिसकी अनुमति मिली।
partners-rules = जो निश्चित है
partners-rule-person = आप मोबाइल नंबर से एक बार में एक व्यक्ति से पूछते हैं। उसे संदेश मिलता है जिसमें आपका नाम, उद्देश्य और जो आपको दिखेगा लिखा होता है, और वह 8 अंकों के कोड से निर्णय लेता है।
partners-rule-same = निर्णय से पहले हर नंबर के लिए आपको एक-सा उत्तर मिलता है: आप नहीं जान पाते कि वह नंबर हमारे पास है या नहीं।
partners-rule-limits = एक सहमति अधिकतम पाँच बार और अधिकतम 24 घंटे के लिए होती है। न सूची, न खोज, न एक साथ कई लोग।
partners-rule-log = हर बार देखना आपके नाम के साथ उसकी सूची में और एक सार्वजनिक लॉग में लिखा जाता है जिसे कोई बदल नहीं सकता।
partners-rule-end = वह इसे कभी भी समाप्त कर सकता है। अगली ही बार देखना मना हो जाता है।
partners-rule-key = केवल कुंजी से कुछ नहीं खुलता: हर अनुरोध पर हस्ताक्षर होते हैं, और हर टोकन केवल आपके हाथों में मान्य है।
partners-fields = क्या माँगा जा सकता है
partners-asked = हम आपसे क्या माँगते हैं
partners-ask-name = आपकी संस्था का नाम और एक पंक्ति में उद्देश्य, अंग्रेज़ी और हिंदी में: लोग दोनों संदेश में पढ़ते हैं।
partners-ask-fields = उद्देश्य के लिए कम से कम जानकारी, और आप एक दिन में कितने लोगों से पूछेंगे।
partners-ask-key = एक Ed25519 सार्वजनिक कुंजी। गुप्त भाग आपके पास ही रहता है।
partners-ask-contact = कोई जिसे हम फ़ोन कर सकें।
partners-how = शुरुआत कैसे करें
partners-how-sandbox = “teeka demo” चलाएँ: वहाँ एक साझेदार तैयार है और उसकी कुंजी डेटा फ़ोल्डर में partner.pem में है। इस व्यवस्था में आप सैंडबॉक्स से शुरू करते हैं: आपके अनुरोधों का उत्तर वैसा ही मिलता है, पर वे किसी तक नहीं पहुँचते।
partners-how-sign = पाँच पंक्तियों पर हस्ताक्षर करें: मेथड, क्वेरी सहित पथ, सेकंड में समय, एक बार काम आने वाला नॉन्स, और बॉडी का SHA-256 हेक्स में। इन्हें नीचे लिखे हेडरों में भेजें। हस्ताक्षर पाँच मिनट तक और एक ही बार मान्य है।
partners-how-api = कॉल API के विवरण में “Partners” के अंतर्गत लिखे हैं।
partners-registered = इस व्यवस्था के साझेदार
partners-registered-none = अभी कोई नहीं है।
partners-name = साझेदार
partners-purpose = उद्देश्य
partners-state = स्थिति
partners-state-sandbox = सैंडबॉक्स
partners-state-live = चालू
partners-state-stopped = बंद
partners-headers = हस्ताक्षरित अनुरोध के हेडर
partners-api = API का विवरण
