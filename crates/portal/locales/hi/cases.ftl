### मामले: क्या ठीक करवाया जा सकता है, और अधिकारियों की मेज़। हर कुंजी दोनों भाषाओं में है।

nav-desk = मामले
member-correct = कुछ ग़लत या छूटा हुआ है
sms-letter = आपके टीकाकरण रिकॉर्ड के बारे में एक पत्र है। साइन इन करें, या किसी भी केंद्र पर पूछें।

## Kinds and states

case-wrong-name = नाम ग़लत है
case-wrong-birth-year = जन्म का वर्ष ग़लत है
case-wrong-gender = लिंग ग़लत है
case-not-mine = दर्ज की गई एक खुराक मुझे नहीं लगी
case-missing = मुझे लगी एक खुराक दर्ज नहीं है
case-aefi = खुराक के बाद कोई तकलीफ़
case-filed = अधिकारी की प्रतीक्षा
case-first = एक अधिकारी के पास
case-proposed = दूसरे अधिकारी की प्रतीक्षा
case-second = दूसरे अधिकारी के पास
case-settled = हो गया
case-refused = बदला नहीं गया
case-withdrawn = वापस लिया गया
case-ended = बिना उत्तर के समाप्त
case-reason-document = आपका पहचान पत्र यही दिखाता है।
case-reason-register = केंद्र का रजिस्टर यही दिखाता है।
case-reason-nothing-against = आपने जो लिखा उसके विरुद्ध कुछ नहीं है।
case-reason-document-differs = आपका पहचान पत्र कुछ और दिखाता है।
case-reason-register-differs = केंद्र का रजिस्टर कुछ और दिखाता है।
case-reason-unclear = जो लिखा गया उससे इसे खोजा नहीं जा सका। आप इसे और जानकारी के साथ फिर भेज सकते हैं।

## My data

data-title = जानकारी और सुधार
data-of = आपके परिवार के व्यक्ति { $place } के बारे में।
data-cases = आपने क्या माँगा
data-cases-none = अभी कुछ नहीं
data-cases-none-text = जब आप कुछ ठीक करवाने को कहेंगे, तो यहाँ दिखेगा कि उसका क्या हुआ।
data-correct = कुछ ठीक करवाएँ
data-correct-text = आप जो लिखते हैं उसे दो अधिकारी देखते हैं, और आपके रिकॉर्ड में केवल वही जो इस बात के लिए ज़रूरी है। उनका हर बार देखना आपकी सूची में आता है।
data-more = और

## One case

case-title = मामला { $number }
case-line = { $what } ({ $number })
case-number = मामला संख्या
case-about = किस बारे में
case-state = स्थिति
case-filed-on = भेजा गया
case-due = उत्तर कब तक
case-closed-on = बंद हुआ
case-next = यह संख्या लिख लें। आपको { $day } तक उत्तर मिलेगा। जब कोई अधिकारी आपका मामला लेगा और जब निर्णय होगा, एक संदेश बताएगा कि पत्र आया है; उसमें क्या है, यह आप यहाँ पढ़ेंगे।
case-looks = केवल वही अधिकारी देख सकते हैं जिनके पास यह मामला है, और केवल उतना जितना ज़रूरी है। उनका देखना आपकी सूची में आता है।
case-said-filed = आपका मामला भेज दिया गया
case-said-withdrawn = आपने मामला वापस ले लिया। अब इसके नाम पर कोई नहीं देखेगा।
case-said-open = यह आप पहले ही माँग चुके हैं। उत्तर की प्रतीक्षा करें, या पहले वह मामला वापस लें।
case-withdraw = यह मामला वापस लें
case-withdraw-title = यह मामला वापस लें?
case-withdraw-text = अब इसके नाम पर कोई नहीं देखेगा और कुछ नहीं बदलेगा। आप बाद में इसे फिर भेज सकते हैं।
case-withdraw-go = वापस लें
case-withdraw-keep = रहने दें

## Filing a case

file-which-dose = आपको कौन-सी खुराक नहीं लगी?
file-no-dose = कोई खुराक दर्ज नहीं है
file-no-dose-text = हटाने के लिए कुछ नहीं है।
file-this-dose = मुझे यह खुराक नहीं लगी
file-name = सही नाम क्या है?
file-born = जन्म का सही वर्ष क्या है?
file-gender = सही लिंग क्या है?
file-dose = कौन-सी खुराक छूटी है?
file-dose-number = खुराक { $number }
file-dose-of = { $vaccine }, { $dose }
file-dose-missing = चुनें कि यह कौन-सी खुराक थी।
file-vaccine = टीका
file-vaccine-missing = टीका चुनें।
file-place = यह आपको कहाँ लगी?
file-place-hint = केंद्र, गाँव या मोहल्ले का नाम।
file-place-missing = लिखें कि यह आपको कहाँ लगी।
file-place-long = लिखें कि यह कहाँ लगी, अधिक से अधिक 200 अक्षरों में।
file-day = यह आपको कब लगी?
file-day-hint = जैसे 3 11 2026। पक्का याद न हो तो वह दिन जो आपको लगता है।
file-day-wrong = कोई बीता हुआ दिन लिखें, जैसे 3 11 2026।
file-words = अधिकारियों को क्या जानना चाहिए?
file-words-hint = ज़रूरी नहीं। जिससे मदद मिले: कौन-सा पहचान पत्र दिखाता है, आपके साथ कौन था, आपके काग़ज़ पर क्या लिखा है। अधिक से अधिक 2,000 अक्षर।
file-words-hint-aefi = क्या हुआ, कब शुरू हुआ, अब कैसे हैं। तकलीफ़ ज़्यादा हो तो पहले डॉक्टर के पास जाएँ या 108 पर फ़ोन करें। अधिक से अधिक 2,000 अक्षर।
file-words-missing = लिखें कि क्या हुआ।
file-words-long = अधिक से अधिक 2,000 अक्षर लिखें।
file-words-none = कुछ नहीं
file-promise = { $days ->
    [one] आपको एक दिन में उत्तर मिलेगा।
   *[other] आपको { $days } दिनों में उत्तर मिलेगा।
    }
file-who-sees = आप जो लिखते हैं वह मुहरबंद रहता है। इसे केवल इस मामले के दो अधिकारी खोलते हैं।
file-send = यह मामला भेजें

## The officers' desk

desk-title = मामले
desk-lead = जिसका उत्तर पहले देना है वह सबसे ऊपर। इस सूची में कोई निजी जानकारी नहीं है; देखने के लिए मामला अपने पास लें।
desk-caption = खुले मामले
desk-empty = कोई खुला मामला नहीं
desk-empty-text = नए मामले आते ही यहाँ दिखेंगे।
desk-yours = आपके पास
desk-late = देर हो गई
desk-take = यह मामला लें
desk-take-text = जिसके पास मामला है वह उतना देख सकता है जितना ज़रूरी है। व्यक्ति को तुरंत बताया जाता है कि एक पत्र आया है।
desk-put-back = वापस रखें
desk-other-officer = इस मामले में पहला निर्णय आपका था। अब कोई दूसरा अधिकारी इसे देखे।
desk-look = देखें
desk-look-text = देखने पर वही खुलता है जो इस तरह के मामले में ज़रूरी है। यह आपके कोड के साथ दर्ज होता है और व्यक्ति इसे देख सकता है।
desk-look-told = व्यक्ति को दिखेगा कि आपने देखा, और क्या देखा।
desk-look-again = जो लिखा गया उसे देखने के लिए वापस जाकर फिर देखें: हर बार देखना दर्ज होता है।
desk-back = मामले पर वापस
desk-she-says = व्यक्ति क्या कहता है
desk-as-it-stands = अभी क्या दर्ज है
desk-name = नाम
desk-doses = दर्ज खुराकें
desk-dose = खुराक
desk-centre = केंद्र
desk-centre-hint = केंद्र की संख्या।
desk-batch = बैच
desk-day = दिन
desk-decide = निर्णय
desk-decision = आपका निर्णय क्या है?
desk-decision-missing = अपना निर्णय और उसका कारण चुनें।
desk-accept = व्यक्ति सही है: ऐसा ही करें
desk-refuse = जैसा है वैसा रहने दें
desk-reason-document = पहचान पत्र यही दिखाता है।
desk-reason-register = केंद्र का रजिस्टर यही दिखाता है।
desk-reason-nothing-against = इसके विरुद्ध कुछ नहीं है।
desk-reason-document-differs = पहचान पत्र कुछ और दिखाता है।
desk-reason-register-differs = केंद्र का रजिस्टर कुछ और दिखाता है।
desk-reason-unclear = जो लिखा गया उससे इसे खोजा नहीं जा सकता।
desk-found = अगर रजिस्टर में यह खुराक है तो उसका ब्योरा दें। हमारा कोई सत्र और बैच इससे मेल खाना चाहिए।
desk-found-wrong = उस केंद्र पर उस दिन उस टीके का कोई सत्र और ऐसा कोई बैच हमारे पास नहीं है। रजिस्टर जाँचें, या कुछ और निर्णय लें।
desk-second-follows = कुछ भी बदलने से पहले दूसरा अधिकारी इसे देखता है।
desk-propose = निर्णय करें और आगे भेजें
desk-first-decided = पहले अधिकारी का निर्णय
desk-why = कारण
desk-agree = मेरा भी यही निर्णय है
desk-against = मेरे विचार से ऐसा न किया जाए
desk-afresh = मेरे विचार से इसे मना न किया जाए: दूसरे इसे नए सिरे से देखें
desk-judge = निर्णय करें
desk-said-proposed = निर्णय हो गया। अब दूसरा अधिकारी इसे देखेगा।
desk-said-settled = हो गया। व्यक्ति इसे रिकॉर्ड में पढ़ेगा।
desk-said-refused = जैसा था वैसा रहा। व्यक्ति इसका कारण पढ़ेगा।
desk-said-afresh = वापस सूची में, ताकि दो और अधिकारी देखें।
desk-said-put-back = वापस रख दिया।
