### हर पृष्ठ पर रहने वाले शब्द: ढाँचा, घटक, तारीख़ें और अंक।

language-name = हिन्दी
brand = Teeka
brand-devanagari = टीका
page-title = { $title } – { brand-devanagari }
page-title-error = ग़लती: { $title } – { brand-devanagari }
skip-to-content = सीधे मुख्य सामग्री पर जाएँ
language-switch = भाषा
navigation = मुख्य मेनू
footer-navigation = इस सेवा के बारे में

## भूमिका के अनुसार मेनू

nav-find = सत्र खोजें
nav-verify = प्रमाणपत्र जाँचें
nav-sign-in = साइन इन करें
nav-family = मेरा परिवार
nav-looks = किसने देखा
nav-sessions-today = आज के सत्र
nav-today = आज
nav-centres = केंद्र
nav-sessions = सत्र
nav-staff = कर्मचारी
nav-batches = बैच
nav-import = आयात
nav-sign-out = साइन आउट
footer-privacy = हम आपकी जानकारी कैसे सुरक्षित रखते हैं
footer-accessibility = सुगम्यता
footer-verify = प्रमाणपत्र जाँचें
footer-help = सहायता
footer-status = सेवा की स्थिति
footer-note = आपकी जानकारी केवल आप, और आपके टीकाकरण के लिए जिन्हें इसकी ज़रूरत है, वही खोल सकते हैं। हर बार देखना दर्ज होता है और आप वह सूची पढ़ सकते हैं।

## समय समाप्ति

timeout-title = आप जल्द ही साइन आउट हो जाएँगे
timeout-text = आपकी सुरक्षा के लिए हम कुछ समय बाद साइन आउट कर देते हैं। { $time } में आप साइन आउट हो जाएँगे।
timeout-over = आप साइन आउट हो चुके हैं। आपका लिखा हुआ अभी इस पृष्ठ पर है; जाने से पहले उसे कॉपी कर लें।
timeout-stay = साइन इन रहें
timeout-sign-out = अभी साइन आउट करें

## फ़ॉर्म

back = वापस
continue = आगे बढ़ें
change = बदलें
change-what = { $what } बदलें
error-prefix = ग़लती:
error-summary-title = कुछ ठीक करना बाक़ी है
optional = { $label } (वैकल्पिक)
date-day = दिन
date-month = महीना
date-year = वर्ष
date-missing = तारीख़ दिन, महीने और वर्ष के साथ लिखें।
date-incomplete = दिन, महीना और वर्ष तीनों लिखें, जैसे 23 11 2026।
date-impossible = ऐसी कोई तारीख़ नहीं होती। दिन और महीना जाँचें।
choose-one = एक चुनें
progress-step = चरण { $step } / { $steps }
scan-start = कैमरे से स्कैन करें
scan-stop = कैमरा बंद करें
scan-looking = कोड को कैमरे के सामने रखें।
scan-found = कोड पढ़ लिया गया।
scan-refused = कैमरा नहीं चल सका। नंबर लिखकर भरें।
near-me = मेरी जगह का उपयोग करें
near-me-hint = आपकी जगह लगभग एक किलोमीटर तक ही ली जाती है और रखी नहीं जाती।
near-me-waiting = आपकी जगह खोजी जा रही है …
near-me-refused = आपकी जगह नहीं मिल सकी। पिन कोड या ज़िले से खोजें।
masked-hint = निजता के लिए छिपाया गया है। दिखाने पर वह देखना दर्ज होगा।
masked-show = दिखाएँ
masked-show-what = { $what } दिखाएँ
look-recorded = यह देखना दर्ज किया गया है

## घटक

banner-info = ज़रूरी सूचना
banner-good = हो गया
banner-warn = ध्यान दें
banner-bad = रुकें
previous = पिछला
next = अगला
page-of = पृष्ठ { $page } / { $pages }
pagination = पृष्ठ
timer-left = { $minutes } मिनट { $seconds } सेकंड बाक़ी
timer-over = समय पूरा हुआ

## तारीख़ें, समय और अंक

weekday =
    { $weekday ->
        [1] सोम
        [2] मंगल
        [3] बुध
        [4] गुरु
        [5] शुक्र
        [6] शनि
       *[other] रवि
    }
month =
    { $month ->
        [1] जनवरी
        [2] फ़रवरी
        [3] मार्च
        [4] अप्रैल
        [5] मई
        [6] जून
        [7] जुलाई
        [8] अगस्त
        [9] सितंबर
        [10] अक्टूबर
        [11] नवंबर
       *[other] दिसंबर
    }
date = { weekday } { $day } { month } { $year }
day = { weekday } { $day } { month }
time =
    { $part ->
        [morning] सुबह { $clock } बजे
        [afternoon] दोपहर { $clock } बजे
        [evening] शाम { $clock } बजे
       *[other] रात { $clock } बजे
    }
time-span = { $from } से { $to }
date-time = { $date }, { $time }
free = निःशुल्क
distance-metres = { $metres } मी
distance-kilometres = { $kilometres } किमी

failure-title = यह नहीं हो पाया
failure-home = पहले पृष्ठ पर जाएँ
failure-input = फ़ॉर्म में कुछ छूट गया है या ठीक नहीं है। कृपया वापस जाकर जाँचें।
failure-signed-out = आप साइन इन नहीं हैं, या आपका समय समाप्त हो गया है। कृपया फिर से साइन इन करें।
failure-forbidden = यह पृष्ठ आपकी भूमिका के लिए नहीं है।
failure-not-found = यह पृष्ठ नहीं मिला।
failure-too-large = यह फ़ाइल बहुत बड़ी है।
failure-unavailable = टीका अभी यह नहीं कर सकता। कुछ भी बदला नहीं गया। कृपया थोड़ी देर में फिर कोशिश करें।
failure-age = यह सत्र दूसरे आयु वर्ग के लिए है।
failure-earlier-dose = इससे पहले की खुराक पहले लगेगी।
failure-already-given = यह खुराक पहले ही दर्ज है।
failure-other-vaccine = अगली खुराक उसी टीके की होनी चाहिए जो पिछली बार लगा था।
failure-too-early = इस खुराक के लिए अभी समय नहीं हुआ है। कृपया बाद का दिन चुनें।
failure-full = यह सत्र भर चुका है। कृपया दूसरा दिन या केंद्र चुनें।
failure-slot = यह समय अब उपलब्ध नहीं है। कृपया दूसरा चुनें।
failure-called-off = यह सत्र नहीं होगा। कृपया दूसरा चुनें।
failure-already-booked = इस खुराक के लिए समय पहले से बुक है। आप उसे मेरा परिवार में बदल सकते हैं।
failure-family-full = एक नंबर पर चार लोग हो सकते हैं। अधिक के लिए कृपया दूसरा नंबर लें।
failure-has-doses = जिस व्यक्ति की खुराक दर्ज है उसे यहाँ से हटाया नहीं जा सकता।
failure-batch = यह बैच नहीं लगाया जा सकता: इसकी तारीख निकल गई है, यह रोका गया है, समाप्त हो गया है या इस केंद्र पर नहीं है।
failure-over-budget = बहुत सारे कोड माँगे गए। नया कोड माँगने से पहले कृपया थोड़ा रुकें।
failure-code-gone = यह कोड अब मान्य नहीं है। कृपया नया कोड माँगें।
failure-code-wrong = यह सही नहीं था। कृपया जाँचकर फिर कोशिश करें।
failure-conflict = इस बीच इसमें बदलाव हो गया। कृपया फिर से देखें।
