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
