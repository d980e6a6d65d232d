### एक नोड का पन्ना, सेवा चलाने वालों के लिए।

node-title = यह नोड
node-lead = इस समय सेवा किस हाल में है। यहाँ किसी व्यक्ति के बारे में कुछ नहीं है।
node-well = हर हिस्सा अपना काम कर सकता है।
node-unwell = { $count ->
    [one] एक हिस्सा अपना काम नहीं कर सकता।
   *[other] { $count } हिस्से अपना काम नहीं कर सकते।
    } क्या करना है, docs/operate.md में “Ten nights” के नीचे लिखा है।
node-parts = हिस्से
node-part = हिस्सा
node-state = हाल
node-help = तैयार न हो तो
node-ready = तैयार
node-not-ready = काम नहीं कर रहा
node-nights = रात { $nights }
node-store = डेटाबेस
node-key-room = चाबी कक्ष
node-log-folder = रिकॉर्ड का फ़ोल्डर
node-witnesses = गवाह
node-clock = घड़ी
node-watch = गवाह न मिलें तो
node-seen = काफ़ी गवाहों ने आख़िरी बार हस्ताक्षर किए
node-others = कर्मचारी और साझेदार तब तक देख सकते हैं
node-own = लोग अपनी जानकारी तब तक देख सकते हैं
node-bookings = बुकिंग
node-go-on = चलती रहती हैं
node-unasked = हमेशा: कोई गवाह नहीं रखा गया
node-over = समय बीत गया
node-log = रिकॉर्ड
node-entries = दर्ज प्रविष्टियाँ
node-published = प्रकाशित प्रविष्टियाँ
node-keys = दी गई चाबियाँ
node-released = प्रविष्टियों में माँगी गई { $asked } में से { $released }
node-law-holds = जैसा होना चाहिए
node-law-wastes = पिछले घंटे में सौ में से एक से ज़्यादा नहीं ली गईं
node-law-broken = माँग से ज़्यादा: रात 10
node-law-unknown = अभी जोड़ा नहीं गया
node-work = इसका काम
node-leads = प्रकाशन, संदेश और सफ़ाई
node-leads-yes = यही नोड, सबके लिए
node-leads-no = दूसरा नोड
node-notices = भेजे जाने वाले संदेश
node-free = डिस्क पर ख़ाली, गीगाबाइट
node-unknown = अभी पता नहीं
node-again = फिर देखें
node-figures = Prometheus के आँकड़े
