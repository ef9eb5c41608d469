"""Peer Mentoring for LTI: mentoring pairs inside a course, from the launch to the gradebook.

One story runs through everything, and a stage has the same name in every ring, so that typing it lists the whole of it:

stage          edge           rules                action         rows       pages
launch         launch, login  –                    launch         people     lti, visitor
roster         roster         roster               roster         people     instructor/programme
programme      –              programme            programme      programme  instructor/programme
enrolment      –              enrolment            enrolment      enrolment  student/enrolment
matching       –              matching/            matching       matching   instructor/matching
workspace      –              workspace, checkins  workspace      workspace  student/workspace, instructor/workspace
participation  –              participation        participation  workspace  student/participation
gradebook      gradebook      –                    gradebook      gradebook  instructor/gradebook

What serves every stage, ring by ring:

- `lti/claims`, `lti/roles`, `lti/texts`, `lti/quirks`, `lti/errors`: what an LMS says, and what may be wrong with it
- `lti/platform`, `lti/keys`, `lti/bridge`, `lti/addresses`, `lti/reach`: whom the tool trusts
- `lti/connector`, `lti/tokens`, `lti/transport`, `lti/links`, `lti/faults`: every call to an LMS's services
- `lti/registration`, `lti/managing`, `lti/openid`, `lti/guarded`, `web/profile`: dynamic registration
- `mentoring/answers`, `mentoring/settling`, `mentoring/weights`, `mentoring/visibility`, `mentoring/questions_about`:
  a form becomes answers, two windows at once, what counts how much, who sees what people write
- `actions/questionnaire`, `web/instructor/questionnaire`, `web/instructor/questionnaire_file`,
  `web/instructor/question_words`, `web/instructor/enrolment`: the editor's pages, and one person's answers for staff
- `mentoring/editing`, `mentoring/question_form`, `mentoring/question_checks`, `mentoring/questionnaire_files`: staff
  change the questionnaire
- `mentoring/questionnaire`, `mentoring/questions`, `mentoring/options`, `mentoring/availability`, `mentoring/zones`,
  `mentoring/words`: questions as data, the default ones, the week, and sentences to translate
- `mentoring/training`, `mentoring/quiz`, `mentoring/guides`: what people read and try before they start, as values
- `mentoring/contents`, `mentoring/quiz_texts`, `mentoring/sources`, `store/contents`, `web/markdown`: its texts, from
  files that an institution may replace
- `store/db`, `store/platforms`, `store/outbox`: the engine, registered LMSs, what must reach the outside
- `store/tenants`: whose rows these are, where institutions share a registration
- `actions/edge`, `actions/platforms`, `actions/audit`: an action's way to an LMS; registration; the record
- `store/pairs`, `web/student/pair`: who is in a pair, and what its pages share
- `actions/candidates`: who still needs a partner, as the matching reads them
- `actions/scores`: the gradebook's second half, scores on their way
- `jobs/queue`, `jobs/handlers`, `jobs/schedule`: from an outbox row to the action that does it
- `web/student/home`, `web/public`, `web/frame`, `web/forms`, `web/text`, `web/errors`: what pages share
- `store/admin`, `store/erase`, `store/health`: the admin's visits and keys; a registration's removal; how it is doing
- `actions/admin`, `actions/by_hand`, `actions/upkeep`: the admin signs in; registers, changes and deletes LMSs
- `actions/signing`, `actions/secrets`, `actions/limits`: the tool's own keys and secrets; what strangers may try
- `actions/doctor`, `actions/advice`, `jobs/heartbeat`: whether a connection works, and the setting to change
- `web/admin/platforms`, `web/admin/registration`, `web/admin/deployments`, `web/admin/invitations`: the admin's pages
- `web/admin/health`, `web/admin/keys`, `web/admin/door`, `web/admin/loading`, `web/admin/words`: more of them
- `web/connection`, `web/standing`, `web/status`, `web/limits`: how it is, for admins, machines and people
- `actions/everyday`, `store/everyday`: a launch that says nothing new
- `actions/placing`, `store/placing`: which programme a link shows; copied courses
- `actions/errand`, `store/errand`, `web/arriving`, `web/errand/link`: launches that ask something first
- `actions/content`, `web/errand/content`, `lti/deep_linking`: deep linking
- `mentoring/parts`, `web/student/placed`: one check-in, or the page of participation, by itself in a course
- `mentoring/settings_form`, `mentoring/presets`, `mentoring/objectives`: a form becomes settings
- `mentoring/schemes`, `mentoring/scheme_presets`, `mentoring/scheme_form`, `mentoring/scheme_files`,
  `mentoring/scheme_effect`: what participation is worth, as data; and what changing it does to everybody
- `mentoring/evidence`, `mentoring/due_dates`, `mentoring/ledgers`, `mentoring/entry_words`, `mentoring/posting`: from
  what somebody did to their ledger, and what a gradebook may be told of it
- `mentoring/findings`, `mentoring/single_items`, `mentoring/partner_items`, `mentoring/efforts`,
  `mentoring/lateness`, `mentoring/check_in_points`: how an item is earned, alone or with a partner
- `mentoring/pair_life`, `mentoring/successive`: a pair's life; one person's check-ins over several pairs
- `mentoring/cases`, `mentoring/case_forms`, `mentoring/self_help`, `mentoring/health`: when something is not working
- `actions/pair_life`, `store/pair_life`, `actions/standing`, `store/standing`, `store/cases`: the same, done and kept
- `mentoring/changes`, `mentoring/impact`: what differs, and whom it meets
- `mentoring/phases`, `mentoring/rules`, `actions/phases`, `web/instructor/phases`: from set-up to closed, step by step
- `web/instructor/setup`, `web/instructor/settings`, `web/instructor/sections`, `web/instructor/history`,
  `store/impact`: five questions, changes with their impact, versions
- `actions/team`, `store/team`, `web/instructor/team`: who runs a programme
- `web/instructor/preview`, `web/telling`: the students' pages rehearsed; what a rule says
- `store/application`, `store/training`, `store/nudges`: mentors chosen and trained, and reminders
- `mentoring/application`, `actions/application`, `store/application`, `web/student/application`,
  `web/instructor/mentors`: mentors apply, staff choose
- `actions/training`, `store/training`, `web/student/training`, `web/library`: training is gone through
- `web/student/agreement`: what people agree to, from the same texts
- `mentoring/funnel`, `store/funnel`, `web/stages`, `web/instructor/cohort`, `web/student/steps`: from roster to ready
- `mentoring/reminders`, `actions/nudges`, `store/nudges`, `actions/mail`, `jobs/letters`, `web/mail`: reminders
- `actions/privacy`, `store/privacy`, `web/errand/privacy`, `web/instructor/participation`: launches about a person
- `lti/messages`, `lti/claim_parts`, `lti/id_token`, `lti/paging`: more of what an LMS says, and lists in parts
- `lti/canvas`, `lti/presets`, `lti/preset_table`, `lti/profile`, `lti/signing`: what each LMS is told; the tool's keys
- `lti/labels`, `lti/asked`: the tool's name in other languages; what each LMS's form asks
- `lti/storage`, `lti/pending`, `web/signing_in`, `web/framing`, `web/language`: an LMS's frame, storage, language
- `actions/groups`, `lti/groups`, `lti/variables`: sections and groups
- `actions/notices`, `store/notices`, `web/notices`, `lti/notifications`: what an LMS tells by itself
- `actions/candidates`, `actions/scenarios`, `actions/edits`, `actions/fairness`, `actions/why_not`, `store/board`,
  `mentoring/scenarios`,
  `web/instructor/matching_scenarios`, `web/instructor/matching_edits`, `web/instructor/matching_people`,
  `web/instructor/matching_why`, `web/instructor/said`, `web/instructor/report`: several answers to one proposal, pairs
  changed by hand, the people left over, the fairness report and the record
- `matching_file`: the command that matches a file, or checks a certificate
- `app`, `wsgi`, `cli`, `settings`: where the parts meet, and how they are started
- `crowd`: the rest of a large course, for the demo alone

`demo_lms` is a stranger, a small LMS for the demo and the tests; `demo` drives both over HTTP.
"""
