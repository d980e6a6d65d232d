### The page that describes the API; what it quotes from the document stays in English.

api-title = The API
api-lead = Software written for CoWIN works here after a change of its base address alone. This page is made from the document that machines read.
api-document = The document for machines (OpenAPI 3.1)
api-in-english = The descriptions below are in English.
api-token = Who may call
api-anyone = Anyone
api-parameters = Parameters
api-body = Body
api-what = What it is
api-answers = Answers
api-status = Status
api-required = required
