### Those who watch over looks: messages to her, who is connected, audits.

sms-new-browser = Somebody signed in to Teeka from a new browser with a code sent to this number. If it was not you or your family, tell nobody your codes, and see who looked at your data: sign in, or ask at any centre.
sms-first-look = { $organisation } looked at data of somebody registered with this number for the first time ({ $purpose }). See all looks: sign in and choose Who looked, or ask at any centre.
