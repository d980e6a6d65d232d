### The counter: somebody comes for something else than a dose. Each key stands in both languages.

counter-title = Here for something else
counter-text = For people who are due for no dose: something in their record is wrong or missing, they have another phone, or they ask about a case. They show the card, or a code sent to the phone on record. A phone number alone is not enough. No place of the session is taken.
counter-reference-hint = 14 digits, on the slip, card or certificate. You can scan its code.
counter-card-missing = Enter the 8 digits of the card. Without the card, send a code to their phone.
counter-wrong-card =
    { $left ->
        [0] This card number is not right, and there are no more tries with it. Send a code to their phone.
        [one] This card number is not right. One more try. You can also send a code to their phone.
       *[other] This card number is not right. { $left } more tries. You can also send a code to their phone.
    }
counter-not-known = This does not fit. Check the digits, or send a code to their phone.
counter-go = They are here
counter-list = Here for something else
