### The words of this area; each key stands in both languages.

## कई पृष्ठों के शब्द

manager-saved = सहेजा गया।
manager-search = खोजें
manager-show-all = सब दिखाएँ
manager-keep = जैसा है वैसा रहने दें
manager-as-of = { $time } तक
manager-act = क्या कर सकते हैं
manager-state = स्थिति
manager-name = नाम
manager-number = नंबर
manager-centre = केंद्र
manager-centre-number = केंद्र का नंबर
manager-address = पता
manager-block = ब्लॉक
manager-district = ज़िला
manager-pincode = पिन कोड
manager-position = स्थान
manager-hours = समय
manager-opens = खुलने का समय
manager-closes = बंद होने का समय
manager-vaccine = टीका
manager-day = दिन
manager-week = { $from } से { $to }
manager-weekday = { weekday }
manager-ages = आयु
manager-ages-from = { $min } वर्ष और अधिक
manager-ages-between = { $min } से { $max } वर्ष
manager-fee = शुल्क
manager-slots = समय के खंड
manager-places = जगहें
manager-places-for = किसके लिए
manager-places-left = बची जगहें
manager-booked = बुक
manager-awaited = बुक, अभी नहीं आए
manager-short-awaited = प्रतीक्षित
manager-short-there = आ चुके
manager-short-left = बची
manager-there = आ चुके, टीका बाक़ी
manager-given = दी गई
manager-hands = टीकाकर्मी
manager-minutes = मिनट
manager-dose1 = पहली खुराक
manager-dose2 = दूसरी खुराक
manager-dose3 = एहतियाती खुराक
manager-walk-in = बिना बुकिंग
manager-role-vaccinator = टीकाकर्मी
manager-role-manager = प्रबंधक
manager-role-cold-chain-handler = शीत शृंखला कर्मी
manager-role-auditor = लेखा परीक्षक
manager-role-operator = संचालक
manager-role-officer = अधिकारी

## आज

manager-figure-running = अभी चल रहे सत्र
manager-figure-given = आज दी गई खुराकें
manager-figure-no-shows = अब तक नहीं आए
manager-figure-left = आज बची जगहें
manager-figure-unattested = व्यक्ति के प्रमाण के बिना खुराकें, पिछले 30 दिन
manager-today-sessions =
    { $count ->
        [one] आज एक सत्र
       *[other] आज { $count } सत्र
    }
manager-today-empty = आज कोई सत्र नहीं
manager-state-later = आज बाद में
manager-state-over = समाप्त
manager-state-running = चल रहा है
manager-state-called-off = रद्द
manager-state-no-hands = अभी कोई टीकाकर्मी नहीं
manager-state-today = आज
manager-state-published = प्रकाशित
manager-alarms =
    { $count ->
        [one] एक बात पर अभी ध्यान देना है
       *[other] { $count } बातों पर अभी ध्यान देना है
    }
manager-alarms-more =
    { $count ->
        [one] और एक।
       *[other] और { $count }।
    }
manager-alarm-expired = { $centre }: बैच { $batch } की तारीख़ { $day } को निकल गई। उसे अलग रखें और रोक दें।
manager-alarm-no-batch = { $centre }: { $vaccine } का कोई ऐसा बैच नहीं जो लगाया जा सके। एक जोड़ें।
manager-alarm-no-hands = { $centre }: आज की सूची में कोई टीकाकर्मी नहीं। टीकाकर्मी चुनें।

## केंद्र

manager-centre-add = केंद्र जोड़ें
manager-centre-edit = यह केंद्र बदलें
manager-centre-save = यह केंद्र सहेजें
manager-centre-work = इस केंद्र का काम
manager-centre-search = केंद्र खोजें
manager-centre-search-hint = नाम, ब्लॉक, ज़िला, पिन कोड या नंबर
manager-centres-empty = इस खोज से कोई केंद्र नहीं मिला
manager-centre-taken = यह नंबर किसी और केंद्र का है। कोई ख़ाली नंबर चुनें।
manager-centre-number-hint = अधिकतम 8 अंक। यह हमेशा रहेगा।
manager-centre-name-hint = जैसा दरवाज़े पर लिखा है।
manager-latitude = अक्षांश
manager-latitude-hint = उत्तर की ओर अंश, जैसे 18.5308
manager-longitude = देशांतर
manager-longitude-hint = पूर्व की ओर अंश, जैसे 73.8475

## कर्मचारी

manager-login = लॉग-इन नाम
manager-login-hint = 3 से 40 छोटे अंग्रेज़ी अक्षर, अंक, बिंदु और हाइफ़न, जैसे asha.more
manager-login-taken = यह लॉग-इन नाम किसी और का है। दूसरा चुनें।
manager-role = भूमिका
manager-staff-code = वह कोड जो लोग अपनी सूची में देखते हैं
manager-staff-add = कर्मचारी जोड़ें
manager-staff-change = भूमिका या केंद्र बदलें
manager-staff-save = बदलाव सहेजें
manager-staff-centre-hint = जैसा केंद्रों की सूची में है। जो किसी एक केंद्र पर काम नहीं करते, उनके लिए ख़ाली छोड़ें।
manager-staff-search = कर्मचारी खोजें
manager-staff-search-hint = नाम या लॉग-इन नाम
manager-staff-empty = इस खोज से कोई नहीं मिला
manager-staff-active = काम पर हैं
manager-staff-left = जा चुके हैं
manager-staff-access = प्रवेश
manager-staff-access-hint = इनमें से हर काम व्यक्ति को तुरंत हर जगह से साइन आउट कर देता है।
manager-staff-reset = नया पासवर्ड बनाएँ
manager-staff-leave = तुरंत जा रहे हैं
manager-staff-return = फिर से काम पर हैं
manager-staff-yourself = यह आप हैं। आपकी भूमिका, पासवर्ड और सेवा समाप्ति कोई दूसरा प्रबंधक बदलेगा।
manager-reset-title = { $name } के लिए नया पासवर्ड?
manager-reset-text = पुराना पासवर्ड और पुराना ऑथेंटिकेटर तुरंत काम करना बंद कर देंगे। नए आपको एक बार दिखाए जाएँगे, ताकि आप ख़ुद सौंप सकें।
manager-leave-title = क्या { $name } तुरंत जा रहे हैं?
manager-leave-text = व्यक्ति तुरंत साइन आउट हो जाएगा, हर सत्र की सूची से हटेगा और फिर साइन इन नहीं कर सकेगा। उनका दर्ज किया हुआ बना रहेगा।
manager-password = पासवर्ड
manager-secret = ऑथेंटिकेटर की कुंजी
manager-secret-qr = ऑथेंटिकेटर के लिए QR कोड
manager-secret-hint = इसे ऑथेंटिकेटर ऐप से स्कैन करें, या कुंजी वहाँ लिखें।
manager-secret-address = पते के रूप में (otpauth)
manager-credentials-title = नया पासवर्ड और कुंजी
manager-credentials-once = यह एक ही बार दिखाया जाता है। अभी लिख लें या सौंप दें; बाद में कोई इसे नहीं दिखा सकता।
manager-credentials-done = मैंने सौंप दिया

## बैच

manager-batches-choose = बैच देखने के लिए केंद्र चुनें।
manager-batches-title = { $centre } के बैच
manager-batches-here = यहाँ के बैच
manager-batches-empty = यहाँ अभी कोई बैच नहीं
manager-batches-empty-hint = खुराक केवल उसी बैच से दी जा सकती है जो यहाँ दर्ज है।
manager-batch-add = बैच जोड़ें
manager-batch-number = बैच नंबर
manager-batch-number-hint = जैसा शीशी पर लिखा है, जैसे 4121Z025
manager-expires = उपयोग का अंतिम दिन
manager-expires-hint = जैसे 31 3 2027
manager-doses = मिली खुराकें
manager-doses-left = बची खुराकें
manager-batch-stop = यह बैच रोकें
manager-batch-good = लगाया जा सकता है
manager-batch-expired = तारीख़ निकल गई
manager-batch-stopped = रोका गया
manager-batch-used-up = समाप्त
manager-batch-stopped-done = बैच हर केंद्र पर रोक दिया गया है। अब से इसकी कोई खुराक दर्ज नहीं हो सकती।
manager-stop-title = बैच { $number } रोकें?
manager-stop-text = इस क्षण से इस बैच की कोई खुराक कहीं नहीं दी जा सकेगी। इसे वापस नहीं लिया जा सकता।
manager-stop-centres = जिन केंद्रों पर यह है

## सत्र

manager-sessions-choose = सत्र देखने के लिए केंद्र चुनें।
manager-sessions-title = { $centre } के सत्र
manager-week-before = पिछला सप्ताह
manager-week-after = अगला सप्ताह
manager-week-empty = { $week } कोई सत्र नहीं
manager-session-title = { $vaccine }, { $day }
manager-roster = यहाँ कौन काम करेगा
manager-roster-question = इस सत्र के टीकाकर्मी
manager-roster-save = सूची सहेजें
manager-roster-saved = सूची सहेजी गई।
manager-roster-empty = इस केंद्र पर अभी कोई टीकाकर्मी नहीं
manager-call-off = यह सत्र रद्द करें
manager-call-off-hint = पहले आप देखेंगे कि इससे कितने लोग प्रभावित होंगे और उन्हें क्या बताया जाएगा।
manager-call-off-title = { $centre }, { $day } का सत्र रद्द करें?
manager-call-off-people =
    { $count ->
        [0] किसी ने बुकिंग नहीं की है, इसलिए किसी को बताना नहीं पड़ेगा।
        [one] एक व्यक्ति की बुकिंग है, उन्हें संदेश से बताया जाएगा।
       *[other] { $count } लोगों की बुकिंग है, उन्हें संदेश से बताया जाएगा।
    }
manager-call-off-there =
    { $count ->
        [one] एक व्यक्ति आ चुका है और उसे अब भी टीका लग सकता है।
       *[other] { $count } लोग आ चुके हैं और उन्हें अब भी टीका लग सकता है।
    }
manager-call-off-told = उन्हें क्या बताया जाएगा
manager-call-off-after = उनकी बुकिंग हट जाएगी और वे दूसरा सत्र चुन सकेंगे।
manager-call-off-button = रद्द करें और उन्हें बताएँ
manager-called-off-done = सत्र रद्द हो गया। जिनकी बुकिंग थी, उन सबको बताया जा रहा है।

## योजना

manager-plan-title = सत्रों की योजना बनाएँ
manager-plan-choose = जिस केंद्र की योजना बनानी है उसे चुनें।
manager-plan-days = दिन
manager-plan-first = पहला दिन
manager-plan-last = इस दिन तक दोहराएँ
manager-plan-last-hint = केवल एक दिन के लिए ख़ाली छोड़ें।
manager-plan-weekdays = सप्ताह के इन दिनों में
manager-plan-opens = पहला खंड शुरू
manager-plan-closes = अंतिम खंड समाप्त
manager-plan-minutes = एक खंड की लंबाई
manager-plan-minutes-hint = लोग बुकिंग के समय खंड चुनते हैं।
manager-plan-pause-from = विराम शुरू
manager-plan-pause-to = विराम समाप्त
manager-walk-in-hint = बिना बुकिंग आने वालों के लिए रखी जगहें।
manager-plan-whom = किनके लिए, कितने में
manager-min-age = न्यूनतम आयु
manager-max-age = अधिकतम आयु
manager-max-age-hint = सीमा न हो तो ख़ाली छोड़ें।
manager-plan-fee = एक खुराक का शुल्क, रुपये में
manager-plan-fee-hint = 0 यानी निःशुल्क।
manager-plan-preview = देखें क्या प्रकाशित होगा
manager-preview-title = प्रकाशित करने से पहले जाँचें
manager-preview-lead =
    { $count ->
        [one] { $centre } में एक सत्र। अभी कुछ प्रकाशित नहीं हुआ है।
       *[other] { $centre } में { $count } सत्र। अभी कुछ प्रकाशित नहीं हुआ है।
    }
manager-preview-days =
    { $count ->
        [one] एक दिन
       *[other] { $count } दिन
    }
manager-plan-taken = इस टीके का सत्र यहाँ पहले से है
manager-plan-new = नया
manager-plan-publish =
    { $count ->
        [one] यह सत्र प्रकाशित करें
       *[other] ये { $count } सत्र प्रकाशित करें
    }
manager-plan-change = योजना बदलें
manager-plan-done =
    { $count ->
        [0] ये सत्र पहले ही प्रकाशित हो चुके हैं
        [one] एक सत्र प्रकाशित हुआ
       *[other] { $count } सत्र प्रकाशित हुए
    }
manager-plan-nothing = वही फ़ॉर्म दो बार आया; कुछ नहीं बदला।
manager-plan-next = आगे क्या होगा
manager-plan-next-hint = लोग अब से बुकिंग कर सकते हैं। हर सत्र की सूची में टीकाकर्मी रखें।
manager-plan-see = ये सत्र देखें
manager-plan-another = दूसरे केंद्र की योजना बनाएँ
manager-plan-again = यह योजना पहले दूसरे मानों के साथ प्रकाशित हो चुकी है। नई योजना के लिए फ़ॉर्म फिर भरें।
manager-plan-vaccine-missing = टीका चुनें।
manager-plan-first-range = पहला दिन { $from } से { $to } के बीच चुनें।
manager-plan-last-range = अंतिम दिन { $from } से { $to } के बीच चुनें।
manager-plan-no-day = इन दोनों दिनों के बीच सप्ताह का ऐसा कोई दिन नहीं पड़ता। दूसरा दिन चुनें या तारीख़ें बदलें।
manager-plan-minutes-range = 10 से 480 मिनट के बीच लंबाई लिखें।
manager-plan-no-slot = शुरुआत और अंत के बीच कोई खंड नहीं आता। बाद का अंत या छोटे खंड चुनें।
manager-plan-many-slots = इससे 24 से अधिक खंड बनते हैं। लंबे खंड चुनें।
manager-plan-fee-range = शुल्क रुपये में लिखें, जैसे 780 या 780.50।

## गिनती

manager-counts-title = केंद्र और दिन के अनुसार गिनती
manager-counts-table = दिन और केंद्र के अनुसार खुराकें
manager-counts-all = प्रमाण सहित सभी खुराकें
manager-unattested = व्यक्ति के प्रमाण के बिना
manager-counts-empty = इन दिनों में कोई खुराक नहीं
manager-counts-empty-hint = नीचे दूसरे दिन या दूसरा केंद्र चुनें।
manager-counts-choose = दूसरे दिन, या एक केंद्र
manager-counts-from = इस दिन से
manager-counts-to = इस दिन तक
manager-counts-centre-hint = सभी केंद्रों के लिए ख़ाली छोड़ें।
manager-counts-show = यह गिनती दिखाएँ
manager-counts-download = तालिका सहेजें (CSV)
manager-counts-order = पहला दिन अंतिम दिन के बाद है। पहले का दिन चुनें।
manager-counts-long = एक बार में अधिकतम एक वर्ष चुनें।
manager-figures-title = इन आँकड़ों का अर्थ
manager-figures-lead = हर आँकड़ा खुराकें, जगहें या बुकिंग गिनता है। कोई आँकड़ा किसी व्यक्ति को नहीं दिखाता।
manager-means-running = आज के वे सत्र जो रद्द नहीं हुए और जिनका समय पहले खंड की शुरुआत और अंतिम खंड के अंत के बीच है।
manager-means-given = उस दिन दर्ज वे खुराकें जिनमें व्यक्ति ने कोड, संदेश या कार्ड से दिखाया कि वे मौजूद थे। सुधारी गई खुराक एक बार गिनी जाती है।
manager-means-dose1 = व्यक्ति के प्रमाण सहित वे खुराकें जो पहली थीं।
manager-means-dose2 = व्यक्ति के प्रमाण सहित वे खुराकें जो दूसरी थीं।
manager-means-dose3 = व्यक्ति के प्रमाण सहित तीसरी खुराकें: एहतियाती, और तीन खुराकों वाले टीके की तीसरी।
manager-means-unattested = वे खुराकें जो व्यक्ति के कोड, संदेश या कार्ड के बिना दर्ज हुईं। जब तक व्यक्ति पुष्टि न करे, उनका प्रमाणपत्र नहीं बनता, और वे किसी दूसरे आँकड़े में नहीं हैं।
manager-means-no-shows = आज की वे बुकिंग जिनका खंड समाप्त हो गया और व्यक्ति नहीं आया। देर से आने पर व्यक्ति इस गिनती से हट जाता है।
manager-means-left = आज के उन सत्रों में ख़ाली जगहें जो समाप्त नहीं हुए, बुकिंग वालों और बिना बुकिंग वालों दोनों के लिए।

## आयात

manager-import-title = तालिकाएँ आयात करें
manager-import-lead = तालिका भेजें, देखें कि क्या बदलेगा, फिर पुष्टि करें। एक भी पंक्ति ग़लत हो तो कुछ नहीं होता, और वही फ़ाइल दोबारा भेजने से कुछ नहीं बदलता।
manager-import-kinds = तालिकाएँ, जिस क्रम में वे एक-दूसरे पर आधारित हैं
manager-import-what = तालिका
manager-import-template = नमूना
manager-import-centres = केंद्र आयात करें
manager-import-staff = कर्मचारी आयात करें
manager-import-sessions = सत्र आयात करें
manager-import-rosters = कार्य सूचियाँ आयात करें
manager-import-batches = बैच आयात करें
manager-import-file = तालिका (CSV)
manager-import-file-hint = UTF-8 में CSV के रूप में सहेजी, कोष्ठ अल्पविराम से अलग, अधिकतम 1 MB और { $rows } पंक्तियाँ।
manager-import-look = देखें क्या बदलेगा
manager-import-columns = इस तालिका के स्तंभ
manager-import-may = छोड़ा जा सकता है
manager-import-preview = होने से पहले जाँचें
manager-import-result = इस तालिका की पंक्तियाँ
manager-import-rows = पंक्तियाँ
manager-import-count = कितनी
manager-import-added = नई
manager-import-changed = बदली हुई
manager-import-unchanged = पहले जैसी
manager-import-bad = ग़लत
manager-import-not-yet = अभी कुछ नहीं हुआ है। इस पृष्ठ के अंत में पुष्टि करें।
manager-import-nothing = इस तालिका की हर बात पहले से दर्ज है। कुछ करना नहीं है।
manager-import-bad-rows =
    { $count ->
        [one] एक पंक्ति ग़लत है। कुछ नहीं किया गया।
       *[other] { $count } पंक्तियाँ ग़लत हैं। कुछ नहीं किया गया।
    }
manager-import-problems = क्या ठीक करना है
manager-import-row = पंक्ति { $line }, स्तंभ { $column }: { $what }
manager-import-more =
    { $count ->
        [one] और एक पंक्ति।
       *[other] और { $count } पंक्तियाँ।
    }
manager-import-again = सुधारी हुई तालिका (CSV)
manager-import-do =
    { $count ->
        [one] यह बदलाव करें
       *[other] ये { $count } बदलाव करें
    }
manager-import-done =
    { $count ->
        [one] एक बदलाव हो गया
       *[other] { $count } बदलाव हो गए
    }
manager-import-another = दूसरी तालिका आयात करें
manager-import-staff-hint = नए कर्मचारियों के पासवर्ड अगले पृष्ठ पर मिलेंगे। वे एक ही बार दिखाए जाते हैं; उन्हें रखने की सुरक्षित जगह तैयार रखें।
manager-import-many-staff = एक फ़ाइल में अधिकतम { $most } नए कर्मचारी। उसे बाँट दें।
manager-import-credentials = ये पासवर्ड एक ही बार दिखाए जाते हैं। अभी सहेज लें और हर एक केवल उसी व्यक्ति को दें।
manager-import-save = पासवर्ड सहेजें (CSV)
manager-file-empty = इस फ़ाइल में कोई पंक्ति नहीं है। शीर्षक और कम से कम एक पंक्ति वाली CSV फ़ाइल चुनें।
manager-file-large = यह फ़ाइल 1 MB से बड़ी है। उसे छोटी फ़ाइलों में बाँट दें।
manager-file-not-text = यह फ़ाइल UTF-8 पाठ नहीं है। तालिका को CSV UTF-8 के रूप में सहेजकर वह फ़ाइल भेजें।
manager-file-rows = इस फ़ाइल में { $most } से अधिक पंक्तियाँ हैं। उसे छोटी फ़ाइलों में बाँट दें।
manager-file-commas = इस फ़ाइल के कोष्ठ अल्पविराम से अलग नहीं हैं। उसे नमूने की तरह अल्पविराम के साथ सहेजें।
manager-file-missing = ये स्तंभ नहीं हैं: { $names }। उन्हें नमूने के अनुसार जोड़ें।
manager-file-unknown = ये स्तंभ अनजाने हैं या दो बार आए हैं: { $names }। उन्हें हटाएँ या उनके नाम ठीक करें।

## मान में क्या ग़लत है

manager-wrong-empty = यहाँ कुछ नहीं लिखा है। इसे भरें।
manager-wrong-long = यह बहुत लंबा है। अधिकतम { $most } अक्षर लिखें।
manager-wrong-unseen = यहाँ नई पंक्ति या कोई अदृश्य अक्षर है। एक ही पंक्ति में लिखें और उद्धरण चिह्न जाँचें।
manager-wrong-number = { $from } से { $to } तक की संख्या लिखें।
manager-wrong-date = यह तारीख़ नहीं है। 2026-12-01 या 01-12-2026 की तरह लिखें।
manager-wrong-time = यह समय नहीं है। 09:00 या 02:30PM की तरह लिखें।
manager-wrong-closes = यह खुलने से पहले बंद हो रहा है। बाद का समय चुनें।
manager-wrong-pincode = 6 अंकों का पिन कोड लिखें।
manager-wrong-vaccine = यह टीका अनजाना है। इनमें से एक लिखें: { $names }।
manager-wrong-role = यह भूमिका अनजानी है। इनमें से एक लिखें: { $roles }।
manager-wrong-login = 3 से 40 छोटे अंग्रेज़ी अक्षर, अंक, बिंदु, हाइफ़न और अंडरस्कोर लिखें।
manager-wrong-name = नाम केवल अक्षरों में लिखें, अंक या चिह्न के बिना।
manager-wrong-slots = खंड 09:00AM-11:00AM की तरह लिखें, बीच में रिक्त स्थान, क्रम में और एक-दूसरे पर चढ़े बिना।
manager-wrong-uuid = यह सत्र का id नहीं है। पूरा कॉपी करें, या कोष्ठ ख़ाली छोड़ें।
manager-wrong-batch = बैच नंबर शीशी के अनुसार लिखें: 2 से 20 अंग्रेज़ी अक्षर, अंक, हाइफ़न, बिंदु और तिरछी रेखा।
manager-wrong-no-places = सभी जगहें 0 हैं। कम से कम एक जगह दें।
manager-wrong-width = इस पंक्ति में { $cells } कोष्ठ हैं और शीर्षक में { $columns }। अल्पविराम और उद्धरण चिह्न जाँचें।
manager-wrong-twice = पंक्ति { $line } भी इसी के बारे में है। दोनों में से एक रखें।
manager-wrong-no-district = इस नंबर का कोई ज़िला नहीं है। CoWIN के अनुसार ज़िले का नंबर लिखें।
manager-wrong-no-centre = इस नंबर का कोई केंद्र नहीं है। पहले केंद्र जोड़ें, या नंबर ठीक करें।
manager-wrong-no-staff = यह लॉग-इन नाम किसी का नहीं है। पहले व्यक्ति को जोड़ें, या नाम ठीक करें।
manager-wrong-not-vaccinator = यह व्यक्ति टीकाकर्मी नहीं है। टीकाकर्मी चुनें, या पहले भूमिका बदलें।
manager-wrong-left = यह व्यक्ति जा चुका है। फिर से काम पर हों तो पहले उनका पृष्ठ खोलें।
manager-wrong-other-name = यह लॉग-इन नाम { $name } का है। दूसरा लिखें, या नाम ठीक करें।
manager-wrong-yourself = यह पंक्ति आपकी अपनी भूमिका या केंद्र बदलती है। यह कोई दूसरा प्रबंधक करता है; इसे हटा दें।
manager-wrong-no-session = इस दिन इस केंद्र पर इस टीके का कोई सत्र नहीं है। पहले योजना बनाएँ, या पंक्ति ठीक करें।
manager-wrong-many-sessions = इस दिन ऐसे कई सत्र हैं। id से बताएँ कि कौन-सा।
manager-wrong-past = यह दिन बीत चुका है। आज या बाद का दिन चुनें।
manager-wrong-called-off = यह सत्र रद्द हो चुका है। नए सत्र को उसका अपना id दें।
manager-wrong-differs = यह सत्र दूसरे खंडों, शुल्क या आयु के साथ प्रकाशित है। पहले उसे रद्द करें, या वही लिखें जो प्रकाशित है।
manager-wrong-taken =
    { $taken ->
        [one] इनमें से एक जगह ली जा चुकी है। कम से कम उतनी लिखें।
       *[other] इनमें से { $taken } जगहें ली जा चुकी हैं। कम से कम उतनी लिखें।
    }
manager-wrong-fewer =
    { $given ->
        [one] इसकी एक खुराक यहाँ दी जा चुकी है। कम से कम उतनी लिखें।
       *[other] इसकी { $given } खुराकें यहाँ दी जा चुकी हैं। कम से कम उतनी लिखें।
    }
