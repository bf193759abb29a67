product = Openward
skip = Skip to the content
language = Language
language-choose = Change
signed-in-as = Signed in as { $name }
sign-out = Sign out
nav-ward = The ward
nav-password = Password
draft-text = These texts are a draft: nobody has reviewed the translation yet.

sign-in-title = Sign in
sign-in-name = Name
sign-in-password = Password
sign-in-next = Next
code-title = Your code
code-label = Code of six digits
code-hint = From your authenticator. It changes every thirty seconds.
code-enter = Sign in
again = Begin again

password-title = Choose a password
password-why = The first password was known to whoever made your account. Choose one that only you know.
password-old = Present password
password-new = New password
password-hint = At least twelve characters. A few words that only you would put together are better than signs.
password-keep = Keep

fault-title = There is something to put right
fault-wrong = The name, the password or the code is not right. Try again.
fault-slow = Too many wrong attempts. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
fault-short = Choose a longer one: at least twelve characters.
fault-long = Choose a shorter one: at most a thousand characters.
fault-simple = This one is too easily guessed. Choose another one.
fault-same = This is the password of before. Choose another one.
fault-date = This is no date and time. Write it like 2024-03-28 14:30.

not-found-title = Nothing here
not-found-text = There is nothing here that you may see. Go back to the ward, or ask whoever keeps the accounts of your organisation.
stale-title = The page was open too long
stale-text = What you sent did not come from a page of this sign-in. Nothing was done. Go back, load the page again, and send it again.
failed-title = It did not work
failed-text = Nothing was done. Try again; if it happens again, tell whoever runs the register this code: { $code }.
back = Back to the ward

ward-title = The ward
ward-count = { $count ->
    [0] Nobody is here now.
    [one] One person is here now.
   *[other] { $count } people are here now.
}
ward-person = Person
ward-held = Held
ward-authority = Authority to hold
ward-until = Until
ward-owed = Owed
ward-next = Next due
ward-more = Next page
ward-late = { $count ->
    [one] { $count } late
   *[other] { $count } late
}
ward-open = { $count ->
    [one] { $count } open
   *[other] { $count } open
}
ward-nothing-owed = nothing open
ward-no-law = The register has no law for the place, so nothing can be said.
unnamed = Name not on the register

person-at = As of { $at }
person-other-time = Another moment
person-moment = Date and time
person-past = This is how it stood at that moment, with all that is recorded by now. Go back to now before you record anything.
person-look = Look
person-now = Now
person-law = Under { $law }, as of { $day }
person-no-law = The register has no law for the places of this file, so no standing can be said.
person-bad-time = The time of entry { $n } does not exist, or exists twice, where it happened. Until it is put right no standing can be said.
held-title = Is the person held?
authority-title = Is there authority to hold?
without-title = Time held without shown authority
without-none = none: { $minutes } min
without-contested = contested: { $minutes } min
without-not-shown = not shown: { $minutes } min
lacks-title = What is lacking
timeline-title = How it went, and how it goes on if nothing more happens
timeline-to-come = to come
duties-title = What is owed
duties-none = Nothing is owed.
duty = What
duty-by = By whom
duty-due = Due
duty-state = State
as-soon-as = as soon as can be
rights-title = What the person may do
rights-none = Nothing is open.
findings-title = What was found
shortfalls-title = Below the international standard
unread-title = Not read: mend these first
unread-line = Entry { $n }: “{ $word }” in { $field } is not a word of this law.
unread-near = Did you mean “{ $word }”?
unsaid = Not on the register, and asked by some rule: { $what }.
entries-title = The file
entry-number = Entry
entry-when = When
entry-what = What
entry-who = By
entry-struck = struck out by entry { $n }
entry-corrects = puts entry { $n } right
until-end-of = until the end of { $day }
until-instant = until { $at }
until-open = until an act ends it
since = since { $at }
section = section { $section }
