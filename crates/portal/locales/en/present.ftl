### Her rights in person: what she asks for at a centre, another phone, and the day she is of age. Each key stands in both languages.

ask-link = The person asks for something else
ask-title = What does the person ask for?
ask-text = Choose what it is about, and write down what the person says. It is sealed: afterwards only the two officers of the case read it.
ask-said-open = This was asked for already, and is not answered yet.
ask-which-dose = Which dose did the person not get?
ask-this-dose = It is about this dose
ask-filed-text = Write the number and the day on the person’s slip. A message tells the phone on record that a letter waits; without a phone, any centre reads out the answer.
case-filed-at = Filed in person at
ask-number-none = No case of this person has this number. Compare it with the slip.
ask-answer = What became of a case
ask-answer-go = Show it

## Another phone

case-number-lost = Another phone number
case-of-age = Of age: a phone of their own
case-holding = Waiting one day, in which the phone on record can object
case-reason-holder-objects = The holder of the phone on record says it was somebody else.
desk-reason-holder-objects = The holder of the phone on record objects, with reason.
sms-moves-of-age = A person of this phone's family is of age and goes to a phone of their own on { $until }. If that was somebody else, sign in before and say so under My data, or at any centre: two officers look at it.

phone-link = Another phone number, or a phone of their own
phone-title = Another phone number
phone-by-card = The card was shown, so this takes one day. The phone on record gets a message and can object; then two officers decide. Each person of a family comes with a card of their own.
phone-by-slip = No card was shown, so two officers decide. With the card, checked in by it, it takes one day.
phone-code-title = Is the new phone there?
phone-words-hint = Optional. What became of the old phone, and which document was shown. At most 2,000 characters.
phone-go = Ask for the new number
phone-full = The new phone has four people already. Another number is needed.
phone-conflict = It cannot be moved to this number, or it was asked for already and is not answered yet.
moves-asked = Person { $place } of your family asked in person, at a centre, to move to another phone. It happens on { $when }. If that was somebody else, object: two officers decide then.
moves-of-age = Person { $place } of your family is of age, and asked in person, at a centre, to go to a phone of their own. It happens on { $when }. If that was somebody else, say so: two officers look at it before. Otherwise it needs no consent of yours.
moves-officers = Person { $place } of your family asked in person to move to another phone. Two officers look at it. When: { $when }.
moves-officers-when = when two officers agree
moves-object = That was somebody else

## Of age

of-age-since = This person is of age since { $day }.
of-age-how = From now on the person decides. With the card, or a slip, and a phone of their own, they go to any centre and take the record to that phone; this phone cannot stop it. Until then, what is opened from here stands in the person’s list as the guardian’s.
looks-guardian = The family phone (guardian)
