### Those who watch over looks: messages to her, who is connected, audits.

sms-new-browser = Somebody signed in to Teeka from a new browser with a code sent to this number. If it was not you or your family, tell nobody your codes, and see who looked at your data: sign in, or ask at any centre.
sms-first-look = { $organisation } looked at data of somebody registered with this number for the first time ({ $purpose }). See all looks: sign in and choose Who looked, or ask at any centre.

connected-title = Who is connected
connected-lead = Everybody who can have anything to do with your data stands here, with the ground on which it happens. There is nobody else.
connected-looks = Who can look at a person
connected-looks-how = Counted in the record of the last { $days } days that are over. Small figures are not shown, because they could tell of somebody.
connected-who = Who
connected-ground = On what ground
connected-fields = What they see
connected-count = Looks
connected-you = You and your family
connected-you-ground = A code sent to your phone
connected-vaccinator = Your vaccinator
connected-vaccinator-ground = You are there, at her session, and showed it
connected-client = An organisation you allowed
connected-client-ground = Your permission, which you can take back
connected-client-fields = What you allowed
connected-officer = Two officers
connected-officer-ground = A case that you opened, or a numbered lawful order
connected-officer-fields = What the case needs
connected-parties = Who keeps it running
connected-key-holder = Holds the keys
connected-witnesses = Watch the record
connected-auditors = Audit the record
connected-messenger = Sends messages, and sees the phone number of each
connected-identity = Confirms identities
connected-backup = Keeps the copies
connected-nobody = nobody
connected-clients = Organisations that ask with your permission

audits-title = Audits
audits-lead = Auditors read the whole record and say here what they found.
audits-none = No audit was handed in yet.
audits-line =
    { $count ->
        [one] { $auditor }, { $date }: one entry
       *[other] { $auditor }, { $date }: { $count } entries
    }
audits-stands = Nothing was found broken
audits-falls = Something is not as it should be
audits-held = held
audits-broken = BROKEN
audits-unchecked = not checked
audits-how = Anyone can check what is public with the command teeka audit. An auditor with a credential checks the rest, and sends the report to this address.

status-audit = Last audit
status-facts = Notes for tracing a leak
status-facts-none = No day is over yet.
status-facts-good = Complete
status-facts-alarm = ALARM
status-facts-text = { $date }: each of { $looks } looks has its note.
status-facts-amiss = { $date }: { $amiss } of { $looks } looks have no note, or a wrong one.
