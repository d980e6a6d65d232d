### जो कोई भी पढ़ सकता है: पहला पृष्ठ, खोज, इस सेवा के बारे में पृष्ठ, कर्मचारियों का साइन इन।

## खुले सत्र

sessions-weeks = सप्ताह
sessions-earlier = पहले के दिन
sessions-later = बाद के दिन
sessions-week = { $from } से { $to }
sessions-none = कोई सत्र नहीं
sessions-empty = इन दिनों कोई सत्र नहीं है
sessions-empty-text = बाद के दिन देखें, या नीचे दिए केंद्र। नए सत्र रोज़ जोड़े जाते हैं।
sessions-elsewhere = जगह वाले सबसे नज़दीकी केंद्र
sessions-as-of = जगहें { $time } की स्थिति में।
centre-address = { $address }, पिन { $pin }
places-left =
    { $count ->
        [one] खुराक { $dose }: { $count } जगह बाक़ी
       *[other] खुराक { $dose }: { $count } जगहें बाक़ी
    }
places-none = कोई जगह बाक़ी नहीं
ages-from = { $from } वर्ष और अधिक
ages-between = { $from } से { $to } वर्ष
vaccine-covishield = कोविशील्ड
vaccine-covaxin = कोवैक्सीन
vaccine-sputnik-v = स्पुतनिक V
vaccine-corbevax = कोर्बेवैक्स
vaccine-covovax = कोवोवैक्स
vaccine-zycov-d = ज़ायकोव-डी
