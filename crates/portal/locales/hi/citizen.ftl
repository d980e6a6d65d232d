### फ़ोन रखने वाला जो पढ़ता है: साइन इन, परिवार, बुकिंग, प्रमाणपत्र, किसने देखा।

## साइन इन

sign-in = साइन इन करें
sign-in-title = साइन इन
sign-in-phone = आपका मोबाइल नंबर क्या है?
sign-in-phone-hint = हम संदेश से एक कोड भेजेंगे। एक नंबर पर चार लोग हो सकते हैं।
sign-in-send = मुझे कोड भेजें
sign-in-no-phone = फ़ोन नहीं है? किसी भी टीकाकरण केंद्र पर जाएँ। वहाँ पंजीकरण होगा और छपा हुआ कार्ड मिलेगा।
sign-in-phone-wrong = 10 अंकों का मोबाइल नंबर लिखें, जैसे 98765 43210।
sign-in-code-title = कोड लिखें
sign-in-code = संदेश में आया कोड क्या है?
sign-in-code-hint = हमने { $mobile } पर 6 अंक भेजे हैं। कोड 3 मिनट तक चलेगा।
sign-in-code-form = संदेश में आया 6 अंकों का कोड लिखें। यह 3 मिनट तक चलता है।
sign-in-code-wrong =
    { $left ->
        [one] संदेश में आया 6 अंकों का कोड लिखें। यह 3 मिनट तक चलता है। आपके पास { $left } मौक़ा और है।
       *[other] संदेश में आया 6 अंकों का कोड लिखें। यह 3 मिनट तक चलता है। आपके पास { $left } मौक़े और हैं।
    }
sign-in-code-gone = यह कोड अब नहीं चलेगा। नीचे से नया कोड मँगाएँ और वही लिखें।
sign-in-no-code = संदेश नहीं आया
sign-in-no-code-text = संदेश आने में एक मिनट लग सकता है। उसके बाद आप नया कोड मँगा सकते हैं; पुराना कोड फिर नहीं चलेगा।
sign-in-resend = नया कोड भेजें
sign-in-resent = नया कोड भेज दिया गया है। पुराना कोड अब नहीं चलेगा।
sign-in-again-at = बहुत सारे कोड माँगे गए। आप { $time } पर नया कोड माँग सकते हैं।
sign-in-locked = इस नंबर पर बहुत बार ग़लत कोड लिखा गया। कृपया किसी भी टीकाकरण केंद्र पर मदद लें।
sign-in-proof-title = एक और सवाल
sign-in-proof = आपके परिवार में किसी के लाभार्थी संदर्भ के आख़िरी छह अंक क्या हैं?
sign-in-proof-hint = ये आपकी पर्ची या कार्ड पर लिखे हैं। परिवार के किसी सदस्य का जन्म वर्ष भी चलेगा।
sign-in-proof-why = यह हम इसलिए पूछते हैं कि यह नंबर यहाँ 90 दिन से ज़्यादा समय से इस्तेमाल नहीं हुआ, और नंबर दूसरे हाथों में जा सकते हैं।
sign-in-proof-wrong = यह मेल नहीं खाता। पर्ची या कार्ड देखें, या परिवार के किसी सदस्य का जन्म वर्ष लिखें।
sign-in-proof-over = तीन बार मेल नहीं खाया। बाद में फिर साइन इन करें, या किसी भी टीकाकरण केंद्र पर मदद लें।
sign-in-proof-late = दस मिनट से ज़्यादा समय हो गया। कृपया फिर से साइन इन करें।

## परिवार

family-title = मेरा परिवार
family-lead = ये लोग { $last } पर ख़त्म होने वाले नंबर पर हैं।
family-add = एक व्यक्ति जोड़ें
family-is-full = इस नंबर पर चार लोग हैं, इससे ज़्यादा नहीं हो सकते। और लोगों के लिए कृपया दूसरा नंबर लें।
family-looks = हमारी जानकारी किसने देखी
family-my-data = हमारी जानकारी: डाउनलोड, सुधार, हटाना
family-said-cancelled = अपॉइंटमेंट रद्द हो गया। यह जगह अब किसी और के काम आएगी।
family-said-confirmed = यह व्यक्ति अब आपके परिवार में है।
task-registered = पंजीकरण
task-done = हो गया
task-dose-given = खुराक { $dose }: { $vaccine }, { $day }
task-vaccinated = टीका लगा
task-to-confirm = पुष्टि करें
task-dose-booked = खुराक { $dose }: { $day }
task-booked = बुक है
task-dose-missed = खुराक { $dose }: { $day } को बुक थी
task-missed = छूट गई
task-dose-called-off = खुराक { $dose }: { $day } का सत्र नहीं होगा
task-called-off = दूसरा चुनें
task-book = खुराक { $dose } बुक करें
task-to-do = बाक़ी है
task-book-from = खुराक { $dose } बुक करें, { $day } से
task-not-yet = अभी नहीं
task-certificate = प्रमाणपत्र
task-certificate-later = पहली खुराक के बाद यहाँ मिलेगा।
task-ready = तैयार
at-once-title = खुराक { $dose }: अगला ख़ाली दिन { $day }
at-once-book = { $time } बुक करें
at-once-other = दूसरा दिन या केंद्र
waiting-title = { $day } को { $centre } में किसी को जोड़ा गया
waiting-text = एक टीकाकर्मी ने आपके नंबर पर किसी का पंजीकरण किया है। अगर आप इन्हें जानते हैं, तो छपे हुए कार्ड से पुष्टि करें।
waiting-six = कार्ड पर लिखे संदर्भ के आख़िरी छह अंक
waiting-six-hint = आपके पास तीन मौक़े हैं।
waiting-confirm = इस व्यक्ति की पुष्टि करें
waiting-form = कार्ड पर लिखे संदर्भ के आख़िरी छह अंक लिखें।
waiting-wrong =
    { $left ->
        [one] यह कार्ड से मेल नहीं खाता। आपके पास { $left } मौक़ा और है।
       *[other] यह कार्ड से मेल नहीं खाता। आपके पास { $left } मौक़े और हैं।
    }
waiting-locked = तीन बार मेल नहीं खाया। कृपया कार्ड लेकर किसी भी टीकाकरण केंद्र पर जाएँ।

## व्यक्ति जोड़ना

add-title = एक व्यक्ति जोड़ें
add-name = इनका नाम क्या है?
add-name-hint = जैसा पहचान पत्र पर है, किसी भी लिपि में। पहचान पत्र न हो तो जैसे लोग बुलाते हैं।
add-name-missing = नाम लिखें।
add-name-long = ज़्यादा से ज़्यादा 100 अक्षरों का नाम लिखें।
add-name-wrong = नाम अक्षरों में लिखें। इसमें अंक और चिह्न नहीं हो सकते।
add-born = जन्म वर्ष
add-born-hint = चार अंक, जैसे 1961। ठीक पता न हो तो जो वर्ष सबसे सही लगे, वह लिखें।
add-born-wrong = जन्म वर्ष चार अंकों में लिखें, जैसे 1961।
add-born-range = ऐसा जन्म वर्ष लिखें जो आने वाला न हो और 120 साल से पुराना न हो।
add-gender = लिंग
add-gender-female = महिला
add-gender-male = पुरुष
add-gender-others = अन्य
add-gender-missing = एक चुनें।
add-document = क्या कोई पहचान पत्र है?
add-document-hint = यह ज़रूरी नहीं है। हम इसका प्रकार और आख़िरी चार अक्षर रखते हैं, पूरा नंबर कभी नहीं।
add-document-none = कोई पहचान पत्र नहीं
add-number = पहचान पत्र का नंबर
add-number-hint = पहचान पत्र न हो तो ख़ाली छोड़ें। आख़िरी चार अक्षर काफ़ी हैं।
add-number-short = नंबर के कम से कम आख़िरी चार अक्षर लिखें।
add-number-wrong = नंबर वैसे ही लिखें जैसे पहचान पत्र पर है: केवल अक्षर और अंक।
add-number-mistyped = इस आधार नंबर में कोई अंक ग़लत है। जाँचें, या केवल आख़िरी चार अंक लिखें।
add-condition = क्या इन्हें ऐसी बीमारी है जिसमें प्राथमिकता मिलती है?
add-condition-hint = जैसे दिल या गुर्दे की बीमारी, मधुमेह या कैंसर। कौन सी, यह हम नहीं पूछते।
add-condition-missing = हाँ या नहीं चुनें।
add-yes = हाँ
add-no = नहीं
add-check-title = जवाब जाँचें
add-check-name = नाम
add-check-document = पहचान पत्र
add-check-condition = प्राथमिकता वाली बीमारी
add-check-promise = यह जानकारी इसी व्यक्ति की अपनी चाबी से बंद रखी जाती है। जो भी इसे खोलता है, वह दर्ज होता है और आप वह सूची पढ़ सकते हैं।
add-save = पंजीकरण करें
document-ends = { $kind }, आख़िर में { $last }
document-aadhaar = आधार कार्ड
document-driving-licence = ड्राइविंग लाइसेंस
document-health-insurance = स्वास्थ्य बीमा स्मार्ट कार्ड
document-mnrega = मनरेगा जॉब कार्ड
document-official = सांसद, विधायक या विधान परिषद सदस्य का पहचान पत्र
document-pan = पैन कार्ड
document-passbook = बैंक या डाकघर की पासबुक
document-passport = पासपोर्ट
document-pension = पेंशन दस्तावेज़
document-service = सरकारी सेवा पहचान पत्र
document-npr = एनपीआर स्मार्ट कार्ड
document-voter = मतदाता पहचान पत्र
document-other = दूसरा पहचान पत्र
registered-title = { $name } का पंजीकरण हो गया
registered-reference = लाभार्थी संदर्भ
registered-keep = यह संदर्भ आपको कभी भी मेरा परिवार में मिलेगा।
registered-next = आगे: पहली खुराक बुक करें
registered-go-on = चुने हुए सत्र के साथ आगे बढ़ें
registered-family = बाद में: मेरा परिवार पर जाएँ

## एक व्यक्ति

member-doses = खुराकें
member-batch = बैच { $batch }
member-attested = प्रमाणित
member-unattested = दर्ज है, पुष्टि नहीं हुई
member-unattested-text = केंद्र ने यह खुराक आपके कोड या कार्ड के बिना दर्ज की। अगर आपको यह लगी है तो बताएँ, तब यह प्रमाणपत्र पर आएगी।
member-attest = मुझे यह खुराक लगी है
member-not-mine = मुझे यह खुराक नहीं लगी
member-said-attested = धन्यवाद। यह खुराक अब प्रमाणपत्र पर है।
member-more = और
member-looks = यह जानकारी किसने देखी
member-download-looks = देखने वालों की सूची डाउनलोड करें (JSON)
remove-keep = रहने दें
my-data-title = हमारी जानकारी
my-data-lead = आपके बारे में जो रखा है वह आपका है। उसे साथ ले जाएँ, देखें कि किसने देखा, या हट जाएँ।
my-data-correct = कुछ ग़लत है? व्यक्ति के पास “कुछ ग़लत या छूटा हुआ है” चुनें, या पर्ची या कार्ड लेकर किसी भी टीकाकरण केंद्र पर पूछें।

## सत्र खोजना

search-title = { $name } की खुराक { $dose }: कहाँ?
search-pin = पिन कोड
search-pin-hint = छह अंक। अगली खोज के लिए यह इसी फ़ोन पर रहता है।
search-pin-go = सत्र खोजें
search-pin-wrong = छह अंकों का पिन कोड लिखें, जैसे 560001।
search-otherwise = या ज़िले से
search-by-district = ज़िला चुनें
search-state = राज्य चुनें
search-district = ज़िला चुनें
search-elsewhere = दूसरी जगह खोजें
search-near-pin = पिन { $pin } के सबसे पास के सत्र जो आप बुक कर सकते हैं।
search-in-district = { $district } के सत्र जो आप बुक कर सकते हैं।
search-near-you = आपके सबसे पास के सत्र जो आप बुक कर सकते हैं।
search-not-yours =
    { $count ->
        [one] यहाँ { $count } सत्र जो आप बुक नहीं कर सकते, और क्यों
       *[other] यहाँ { $count } सत्र जो आप बुक नहीं कर सकते, और क्यों
    }
search-not-yours-of = { $vaccine }, { $count } सत्र

## बुकिंग

book-title = समय चुनें और बुक करें
book-title-move = नया समय चुनें
book-who = किसके लिए
book-what = टीका
book-where = कहाँ
book-day = दिन
book-fee = क़ीमत
book-time = कौन सा समय ठीक रहेगा?
book-time-short = समय
book-time-missing = समय चुनें।
book-dose-of = { $vaccine }, खुराक { $dose }
book-go = यह समय बुक करें
book-move-go = यह समय रखें
book-find-another = दूसरा सत्र खोजें
book-bar-early = इस खुराक के लिए अभी समय नहीं हुआ है। यह { $day } से लग सकती है।
book-bar-age = यह सत्र दूसरे आयु वर्ग के लिए है।
book-bar-vaccine = पिछली खुराक दूसरे टीके की थी।
book-bar-order = बुक करने के लिए ऐसी कोई खुराक नहीं है।
book-bar-full = कोई जगह नहीं बची।
book-bar-over = यह सत्र हो चुका है या नहीं होगा।
choose-title = यह किसके लिए है?
choose-booked = पहले से बुक है: { $day }
choose-go = { $name } की खुराक { $dose }

## अपॉइंटमेंट

appointment-title = आपका अपॉइंटमेंट
appointment-said-booked = बुक हो गया
appointment-said-moved = समय बदल गया
appointment-called-off = { $centre } ने यह सत्र रद्द कर दिया। हमें खेद है। कृपया दूसरा चुनें।
appointment-cancelled = आपने यह अपॉइंटमेंट रद्द किया।
appointment-missed = इस अपॉइंटमेंट का दिन निकल गया। आप इसे नए दिन पर बदल सकते हैं।
appointment-checked-in = आप दर्ज हो गए हैं। बुलाए जाने तक कृपया रुकें।
appointment-done = इस अपॉइंटमेंट पर खुराक लग गई।
appointment-choose = सत्र चुनें
appointment-bring = पर्ची काग़ज़ पर या फ़ोन में लाएँ, या केवल चार अंक बताएँ।
appointment-slip = छापने की पर्ची (PDF)
appointment-change = दिन या समय बदलें
appointment-cancel = अपॉइंटमेंट रद्द करें
appointment-another-person = यही सत्र परिवार में किसी और के लिए बुक करें
slip-reference = लाभार्थी संदर्भ
slip-code = टीकाकर्मी के लिए चार अंक
slip-code-hint = ये केवल केंद्र पर बताएँ। इनसे पता चलता है कि आप वहाँ हैं।
slip-scan = लाभार्थी संदर्भ का कोड, टीकाकर्मी के स्कैन के लिए
cancel-title = यह अपॉइंटमेंट रद्द करें?
cancel-text =
    { $count ->
        [one] यह जगह किसी और को मिलेगी। आप कभी भी फिर बुक कर सकते हैं।
       *[other] ये { $count } जगहें दूसरों को मिलेंगी। आप कभी भी फिर बुक कर सकते हैं।
    }
cancel-go = अपॉइंटमेंट रद्द करें
cancel-keep = रहने दें

## प्रमाणपत्र

my-certificate-title = टीकाकरण प्रमाणपत्र
my-certificate-qr = जाँच के लिए प्रमाणपत्र का कोड
my-certificate-show = जहाँ माँगा जाए वहाँ यह कोड दिखाएँ। इसे कोई भी जाँच सकता है, नेटवर्क के बिना भी।
my-certificate-pdf = PDF रखें
my-certificate-json = डेटा रखें (JSON)
my-certificate-says = इसमें क्या लिखा है
my-certificate-reference = लाभार्थी संदर्भ के आख़िरी अंक
my-certificate-number = प्रमाणपत्र { $number }, संस्करण { $version }
my-certificate-issued = { $day } को जारी
my-certificate-dose = { $total } में से खुराक { $number }: { $vaccine }
my-certificate-batch = बैच और निर्माता
my-certificate-given-by = किसने लगाया
my-certificate-reveals = कोड से क्या पता चलता है
my-certificate-reveals-yes = कोड पढ़ने वाले को वही पता चलता है जो इस पृष्ठ पर है: नाम, जन्म वर्ष, लिंग, नंबरों के आख़िरी अंक और खुराकें।
my-certificate-reveals-no = इससे आपका फ़ोन, पूरा संदर्भ, पता या पूरा पहचान नंबर किसी को पता नहीं चलता: वे इसमें हैं ही नहीं।
my-certificate-reveals-offline = जाँच पढ़ने वाले के अपने फ़ोन पर होती है। हमें पता नहीं चलता कि आपने इसे कहाँ दिखाया।
my-certificate-missing = कोई खुराक नहीं दिख रही? दर्ज सभी खुराकें देखें
my-certificate-none = अभी कोई प्रमाणपत्र नहीं है

## किसने देखा

looks-title = मेरी जानकारी किसने देखी
looks-choose = जब भी कोई आपकी जानकारी खोलता है, वह लिखा जाता है। आप किसकी सूची पढ़ना चाहते हैं?
looks-choose-go = { $name } की सूची
looks-of = आपके परिवार का व्यक्ति { $place }
looks-count =
    { $count ->
        [one] कुल { $count } प्रविष्टि है, सबसे नई पहले।
       *[other] कुल { $count } प्रविष्टियाँ हैं, सबसे नई पहले।
    }
looks-caption = देखना और बदलना
looks-who = किसने और कब
looks-what = किसलिए
looks-opened = खोला गया: { $fields }
looks-through = रास्ता: { $channel }
looks-times =
    { $count ->
        [one] ({ $count } बार)
       *[other] ({ $count } बार)
    }
looks-more = पूरी सूची दिखाएँ
looks-question = कोई ऐसी प्रविष्टि है जो समझ नहीं आती? उसका समय और कर्मचारी कोड लिख लें, और किसी भी टीकाकरण केंद्र पर पूछें।
check-title = यह सूची स्वयं जाँचें
check-text = आपका ब्राउज़र सिद्ध कर सकता है कि हर पंक्ति सार्वजनिक रिकॉर्ड में है और कोई छूटी नहीं। इसके लिए कुछ भी कहीं भेजा नहीं जाता। स्क्रिप्ट के बिना यह बटन आपको फ़ाइल देता है, ताकि आप उसे अपनी मशीन पर जाँच सकें।
check-go = यह सूची जाँचें
check-checking = जाँच हो रही है …
check-failed = सूची नहीं मिल सकी। कृपया फिर कोशिश करें।
check-unable = यह ब्राउज़र जाँच नहीं कर सकता। फ़ाइल को किसी नए ब्राउज़र या “teeka check” आदेश से जाँचें।
check-good = सभी { $rows } पंक्तियाँ रिकॉर्ड में हैं, जिसमें { $size } प्रविष्टियाँ हैं।
check-complete = { $until } से पहले की कोई पंक्ति छूटी नहीं है।
check-first = कोई छूटी नहीं, यह पहला दिन पूरा होने पर दिखाया जा सकता है।
check-later = { $rows } पंक्तियाँ नई हैं: उनके साथ कोई छूटी नहीं, यह कल दिखाया जा सकता है।
check-waiting = { $rows } पंक्तियाँ इतनी नई हैं कि रिकॉर्ड पर उनके साथ अभी हस्ताक्षर नहीं हुए।
check-signed = हस्ताक्षर: { $names }, अंतिम { $at } को।
check-unsigned = इस रिकॉर्ड पर किसी साक्षी के हस्ताक्षर नहीं हैं।
check-own = किनके हस्ताक्षर चाहिए, यह इसी सेवा ने बताया। दूसरों के आधार पर जाँचने के लिए फ़ाइल और अपनी भरोसे की नीति “teeka check” को दें।
check-key = आपकी सूची की संख्या: { $key }। यह कभी नहीं बदलती; पुरानी प्रति से मिलाएँ।
check-bad = यह सूची अपने को सिद्ध नहीं करती: { $place } ({ $code })। फ़ाइल रखें और किसी भी टीकाकरण केंद्र पर पूछें।
check-row = पंक्ति { $number }
check-index = दिन-सूचक { $number }
looks-you = आपने, इसी नंबर से
looks-nobody = किसी ने, बिना साइन इन किए
looks-platform = टीका ने स्वयं
looks-staff = { $role }, कर्मचारी कोड { $code }
looks-role-vaccinator = टीकाकर्मी
looks-role-manager = प्रबंधक
looks-role-cold-chain = कोल्ड चेन कर्मचारी
looks-role-auditor = लेखा परीक्षक
looks-role-operator = संचालक
looks-role-officer = अधिकारी
looks-kind-reveal = देखा
looks-kind-use = दिखाए बिना उपयोग किया
looks-kind-write = लिखा
looks-kind-lookup = खोजा
looks-kind-refused = मना किया गया
looks-kind-notice = संदेश भेजा
looks-kind-code = कोड
looks-kind-erase = मिटाया
looks-kind-audit = लेखा परीक्षक ने खोला
looks-kind-other = रिकॉर्ड रखा
looks-purpose-sign-in = साइन इन
looks-purpose-family = परिवार का पृष्ठ
looks-purpose-register = पंजीकरण
looks-purpose-booking = बुकिंग
looks-purpose-slip = अपॉइंटमेंट पर्ची
looks-purpose-certificate = प्रमाणपत्र
looks-purpose-access-list = यह सूची
looks-purpose-check-in = सत्र पर पहुँचना
looks-purpose-screening = खुराक से पहले स्वास्थ्य के सवाल
looks-purpose-dose = खुराक
looks-purpose-correction = उसी दिन का सुधार
looks-purpose-aefi = खुराक के बाद की रिपोर्ट
looks-purpose-card = छपा हुआ कार्ड
looks-purpose-booking-notice = अपॉइंटमेंट की सूचना
looks-purpose-cancelled-notice = सत्र रद्द होने की सूचना
looks-purpose-reminder = याद दिलाना
looks-purpose-leaving = हटना
looks-purpose-membership = परिवार में जुड़ना या हटना
looks-purpose-planning = योजना
looks-purpose-audit = लॉग की जाँच
looks-purpose-consent = आपकी दी हुई अनुमति
looks-purpose-case = आपका मामला
looks-purpose-download = आपका डाउनलोड
looks-purpose-letter-notice = आपके लिए रखा पत्र
looks-purpose-move = दूसरे फ़ोन पर ले जाना
looks-purpose-watching = कौन किसे देखता है, इस पर नज़र
looks-field-name = नाम
looks-field-birth-year = जन्म वर्ष
looks-field-gender = लिंग
looks-field-phone = फ़ोन
looks-field-id-document = पहचान पत्र
looks-field-reference = लाभार्थी संदर्भ
looks-field-booking-code = चार अंकों का कोड
looks-field-screening = स्वास्थ्य के जवाब
looks-field-aefi = खुराक के बाद की रिपोर्ट
looks-field-comorbidity = प्राथमिकता वाली बीमारी
looks-field-case = मामले में जो लिखा गया
looks-channel-page = यह वेबसाइट
looks-channel-api = कोई ऐप
looks-channel-worker = टीका स्वयं
looks-channel-command = कमांड लाइन
