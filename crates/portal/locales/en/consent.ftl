### Permissions that people give to partners: the request, the page, the list, and the page for partners.

sms-consent = { $notice } If you agree, your code is { $code }, valid for 3 minutes. If this surprises you, tell nobody the code.
sms-status = { $partner } asks whether you are vaccinated. It will see yes, partly or no, and nothing else. If you agree, your code is { $code }, valid for 3 minutes. If this surprises you, tell nobody the code.

consent-notice = { $partner } asks to see your { $fields }, your doses and your appointments, { $reads ->
    [one] once
   *[other] up to { $reads } times
} in { $time }. Purpose: { $purpose }.
consent-hours = { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
}
consent-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}

consent-title = { $partner } asks for your permission
consent-who = Who asks
consent-sees = It would see
consent-sees-doses = Your doses and your appointments
consent-purpose = What for
consent-often = How often
consent-often-times = { $reads ->
    [one] Once
   *[other] Up to { $reads } times
}
consent-long = For how long
consent-not = It sees nothing else, not even whether somebody is registered at your number before you agree. Each look stands in your list, and you can end the permission at any moment.
consent-code-title = Enter the code if you want to go on
consent-code = Code from the message
consent-code-hint = 8 digits, sent to your mobile. It is valid for 3 minutes. You still decide on the next page.
consent-code-form = Enter the 8-digit code from the message
consent-code-wrong = Enter the 8-digit code from the message. { $left ->
    [one] You have 1 more try.
   *[other] You have { $left } more tries.
}
consent-code-gone = This code is no longer good. Ask for a new one below.
consent-again = The code did not come, or is too old?
consent-again-text = You can have a new one a minute after the last.
consent-again-go = Send a new code
consent-again-sent = A new code is on its way.
consent-again-wait = You can ask for a new code at { $time }.
consent-decide = Do you allow this?
consent-of-whom = Whose data may be seen?
consent-of-whom-hint = The last four digits of the beneficiary reference on the slip or the certificate.
consent-ending = Reference ending in { $ending }
consent-of-whom-missing = Choose whose data may be seen
consent-allow = Allow it
consent-refuse = Do not allow it
consent-given = You allowed it
consent-given-text = { $partner } may look until { $time }. Go back to its page or app.
consent-given-end = You can end this at any moment under “Permissions we gave”.
consent-refused = You did not allow it
consent-refused-text = { $partner } sees nothing, and is not told that you were here.
consent-nobody = There is nobody to see
consent-nobody-text = At this number nobody is registered, or it was not used here for 90 days. { $partner } is told nothing. To go on, sign in with this number first.

permissions-title = Permissions we gave
permissions-lead = Here is which partner may look at what, and until when. Ending a permission works at once.
permissions-none = No permission was given.
permissions-of = { $name }
permissions-seen = May see
permissions-used = Looked
permissions-used-of = { $used } of { $reads } times
permissions-made = Given
permissions-until = Until
permissions-stands = In force
permissions-used-up = Used up
permissions-over = Ended
permissions-stopped = You ended it
permissions-stop = End this permission
permissions-said-stopped = The permission is ended. The partner cannot look any more.
permissions-proof = Signed proof of this permission
permissions-proof-text = The partner has the same text. It is signed, and names the entry of the public log.

looks-kind-consent = Allowed
looks-kind-revoke = Ended a permission
looks-client = { $name } (partner)

privacy-way-consent = A partner that you allowed
privacy-way-consent-text = An app or an office that you want to show your data to asks, you get a message that says who and what, and only your code allows it: named details, at most five looks, at most one day. You can end it at any moment.
privacy-partners = What partners must do

partners-title = Become a partner
partners-lead = A partner is an organisation whose app or office people want to show their vaccination data to. It sees one person at a time, and only what she allowed.
partners-rules = What is certain
partners-rule-person = You ask for one person at a time, by mobile number. She gets a message that names you, your purpose and what you would see, and decides with an 8-digit code.
partners-rule-same = Until she has decided you get the same answers for every number: you do not learn whether it is known to us.
partners-rule-limits = One consent allows at most five looks, for at most 24 hours. There is no list, no search, no batch.
partners-rule-log = Each look stands in her list with your name, and in a public log that nobody can change.
partners-rule-end = She can end it at any moment. The very next look is refused.
partners-rule-key = A key alone opens nothing: each request is signed, and each token is good in your hands only.
partners-fields = What can be asked for
partners-asked = What we ask of you
partners-ask-name = The name of your organisation and your purpose in one line, in English and Hindi: people read both in the message.
partners-ask-fields = The fewest fields that serve the purpose, and how many people you will ask in a day.
partners-ask-key = An Ed25519 public key. The secret half never leaves you.
partners-ask-contact = Somebody we can call.
partners-how = How to begin
partners-how-sandbox = Run “teeka demo”: a partner is ready there, and its key lies in the data folder as partner.pem. On this installation you begin in the sandbox: your requests are answered like any other, and reach nobody.
partners-how-sign = Sign five lines: method, path with query, time in seconds, a nonce that you use once, and the SHA-256 of the body in hex. Send them as the headers below. A signature is good for five minutes and once.
partners-how-api = The calls stand in the description of the API under “Partners”.
partners-registered = Partners of this installation
partners-registered-none = There is none yet.
partners-name = Partner
partners-purpose = Purpose
partners-state-sandbox = Sandbox
partners-state-live = Live
partners-state-stopped = Stopped
partners-headers = Headers of a signed request
partners-api = Description of the API
