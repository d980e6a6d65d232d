### Lawful orders: the officers' desk, and what the person and everybody can know. Each key stands in both languages.

looks-purpose-lawful-order = a lawful order
order-authorities = Whose lawful orders are taken

## Grounds

order-ground-court = Order of a court
order-ground-production = Written order to produce, from an officer in charge of a police station (BNSS 2023, section 94)
order-ground-information = Call for information by the Union (DPDP Act 2023, section 36)
order-ground-epidemic = Order to prevent the spread of a disease (Epidemic Diseases Act 1897, section 2)

## One order

order-title = Lawful orders
order-of-number = Order { $number }
order-authority = Whose order
order-number = Number on the order
order-dated = Day on the order
order-document = SHA-256 of the document
order-ground = Legal ground
order-fields = What it names
order-filed-on = Filed on
order-until = Last day
order-about = Whom it concerns

## The desk

order-lead = Each order is about one person. Two officers are needed, and each looks once. How many orders there are, from whom and on what ground, is public.
order-new = Enter an order
order-caption = Orders that have not ended
order-none = No order stands
order-none-text = Orders stay here until their last day.
order-waits = Waits for another officer
order-to-confirm = To be confirmed
order-to-look = You can look once
order-confirmed = Confirmed
order-confirm-text = Confirm it only with the order in your hands. You then become its second officer.
order-number-again = Copy it from the paper.
order-number-differs = This is not the number that was entered first. Check the paper. Do not confirm an order that you have not seen.
order-confirm = Confirm this order
order-other-officer = You entered this order. Another officer must confirm it with the paper in hand.
order-held = This person has left the platform. Only what the law holds for a year can be opened.
order-look = Look, once
order-look-text = You can look once. Have the paper ready to write on. The look is recorded under your code, where the person sees it.
order-look-once = This was your one look by this order. It does not come back when you leave this page.
order-nothing = Nothing of what the order names is on record.
order-said-filed = The order is filed
order-said-confirmed = Confirmed. Each of the two officers can look once.
order-next = Another officer must now confirm it, with the paper in hand. Nobody can look before that.

## Entering an order

order-authority-missing = Choose whose order it is.
order-number-hint = As it stands on the paper, for example W.P. 17/2026.
order-number-missing = Enter the number that stands on the order.
order-number-wrong = Enter the number as it stands on the order: letters, figures, and signs such as / or -.
order-number-known = This order about this person was entered before.
order-dated-wrong = Enter the day that stands on the order; it cannot be in the future.
order-document-hint = 64 letters and figures. Compute it from the scanned order; the document itself is not kept here.
order-document-wrong = Enter the SHA-256 of the document: 64 figures and letters from a to f.
order-ground-ask = On what legal ground does the order stand?
order-ground-missing = Choose the legal ground.
order-fields-ask = What does the order name?
order-fields-hint = Choose only what the order names. Nothing else is opened.
order-fields-missing = Choose at least one thing that the order names and its ground allows.
order-until-ask = Until which day may it be looked at?
order-until-hint = As the order says, at most 90 days. On the day after, a message tells the person that a letter waits.
order-until-wrong = Enter a day from today to 89 days from now.
order-about-hint = The 14-digit reference number, or the number of an appointment for one person. Nobody can be found by name, phone or document.
order-about-wrong = Enter a reference number of 14 digits, or the number of an appointment as it stands on the slip.
order-about-nobody = No one person has this number here. Check it against the order.
order-check = Check the order
order-promise = Filing writes an entry in the person’s list of looks and a public entry without a person. Neither can be taken back.
order-file = File this order

## The person herself

order-about-you = Lawful orders about you
order-about-you-text = An authority can demand by an order of law to know something of you. Each order stands here and in your list of looks from the moment at which it is entered. A message goes to your phone when the order ends.
order-about-you-none = No order
order-about-you-none-text = No authority has demanded anything about you here.
order-over = Over
order-unconfirmed = Entered, not confirmed: nobody can look
order-stands = Confirmed
order-looks = Looked at by
order-looks-none = Nobody
