"""Peer Mentoring for LTI: mentoring pairs inside a course, from the launch to the gradebook.

One story runs through everything, and a stage has the same name in every ring, so that typing it lists the whole of it:

stage          edge           rules                action         rows       pages
launch         launch, login  –                    launch         people     lti, visitor
roster         roster         roster               roster         people     instructor/programme
programme      –              programme            programme      programme  instructor/programme
enrolment      –              enrolment            enrolment      enrolment  student/enrolment
matching       –              matching/            matching       matching   instructor/matching
workspace      –              workspace, checkins  workspace      workspace  student/workspace, instructor/workspace
participation  –              participation        participation  participation  student/participation
gradebook      gradebook      –                    gradebook      gradebook  instructor/gradebook

What serves every stage, ring by ring:

- `lti/claims`, `lti/roles`, `lti/texts`, `lti/quirks`, `lti/errors`, `lti/fixes`: what an LMS says, what may be wrong
  with it, and what to do about that
- `lti/platform`, `lti/keys`, `lti/bridge`, `lti/addresses`, `lti/reach`: whom the tool trusts
- `lti/connector`, `lti/tokens`, `lti/transport`, `lti/links`, `lti/faults`: every call to an LMS's services
- `lti/registration`, `lti/registration_faults`, `lti/managing`, `lti/openid`, `lti/guarded`, `lti/following`,
  `web/profile`: dynamic registration
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
- `actions/edge`, `actions/platforms`, `actions/audit`, `actions/readers`: an action's way to an LMS; registration; the
  record; the language of whoever reads what is written
- `store/pairs`, `store/in_touch`, `web/student/pair`: who is in a pair, when they were in touch, what its pages share
- `mentoring/conversation`, `mentoring/plain`, `store/conversation`, `store/reports`, `actions/conversation`,
  `web/threads`, `web/linked`, `web/student/threads`, `web/student/pair_thread`, `web/student/mentors_board`,
  `web/instructor/conversation`, `web/instructor/mentors_board`: what pairs, and mentors, write to each other; reports;
  staff who read with a reason
- `mentoring/resources`, `store/resources`, `actions/resources`, `actions/file_types`, `web/shelf`,
  `web/student/shelves`, `web/student/pair_shelf`, `web/student/library`, `web/instructor/library`: links and files
- `mentoring/announcements`, `store/announcements`, `actions/announcements`, `web/student/announcements`,
  `web/instructor/announcements`: what staff tell everybody, also in a chat channel
- `web/guides`, `web/student/pair_guides`, `web/instructor/guides`: the conversation guides as pages
- `store/participants`, `store/privacy_shared`, `store/privacy_points`: who belongs to which side; what people shared,
  and what their points were made of, handed out and emptied
- `mentoring/closing_survey`, `mentoring/survey_results`, `store/surveys`, `actions/surveys`, `web/student/survey`,
  `web/instructor/survey`: the closing survey's sheets, who has sent one, and what may be shown of them
- `mentoring/solo_work`, `store/solo_work`, `actions/solo_work`, `web/student/pair_alone`, `web/instructor/alone`: ten
  minutes alone where a partner does not answer
- `mentoring/rematch`, `store/rematch_offers`, `actions/rematch_offers`, `web/student/pair_rematch`: a new partner is
  offered to whoever has tried in vain
- `mentoring/hours`, `store/hours`, `actions/hours`, `web/student/hours`, `web/instructor/hours`, `store/own_items`,
  `web/student/own_items`: hours of a practicum, and which items of the scheme somebody has
- `mentoring/peer_cases`, `store/peer_cases`, `actions/peer_cases`, `web/student/peer_case`,
  `web/instructor/peer_cases`: situations written up for others
- `mentoring/standby`, `mentoring/checkins_standby`, `store/standby`, `actions/standby`, `web/student/standby`,
  `web/instructor/standby`: mentors in reserve check in without a pair
- `store/evidence`, `store/deeds`, `store/attempts`, `store/totals`: what points depend on, read for one or for many
- `actions/releasing`, `actions/releasable`, `actions/release_for_many`, `mentoring/releases`, `store/releases`,
  `store/long_releases`, `web/instructor/releases`, `actions/absences`: points given free for the gradebook; who is away
- `actions/candidates`: who still needs a partner, as the matching reads them
- `actions/scores`, `actions/score_flights`: the gradebook's second half, scores on their way, several at once
- `lti/line_items`, `mentoring/column_plan`, `actions/gradebook_columns`, `web/instructor/gradebook_columns`: columns
  found, made, lost, and made anew or chosen
- `mentoring/gradebook_cells`, `actions/cells`, `actions/comparing`, `actions/nightly`, `store/nightly`,
  `mentoring/nightly`: the gradebook read back, when scores are sent and once a night
- `actions/decisions`, `web/instructor/gradebook_differences`: whose value is right, where the LMS has another
- `mentoring/gradebook_states`, `store/gradebook_states`, `mentoring/gradebook_comments`: where everybody's points
  stand, and what is said beside them
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
- `store/around`: what every page of a visit needs
- `actions/placing`, `store/placing`: which programme a link shows; copied courses
- `actions/errand`, `store/errand`, `web/arriving`, `web/errand/link`: launches that ask something first
- `actions/content`, `web/errand/content`, `lti/deep_linking`: deep linking
- `mentoring/parts`, `web/student/placed`: a check-in, a reflection, a guide or the page of participation, by itself
- `mentoring/settings_form`, `mentoring/presets`, `mentoring/objectives`, `mentoring/role_words`: a form becomes
  settings; a course's own words in every sentence
- `mentoring/columns`, `actions/rescaling`: one gradebook column or three; points of another maximum
- `mentoring/schemes`, `mentoring/scheme_presets`, `mentoring/scheme_form`, `mentoring/scheme_files`,
  `mentoring/scheme_effect`: what participation is worth, as data; and what changing it does to everybody
- `mentoring/evidence`, `mentoring/due_dates`, `mentoring/ledgers`, `mentoring/entry_words`, `mentoring/posting`: from
  what somebody did to their ledger, and what a gradebook may be told of it
- `mentoring/excuses`, `mentoring/excuse_forms`, `store/excuses`, `actions/excuses`, `actions/excuses_for_many`,
  `actions/overrides`: who need not do something, one by one or many at once, and points that staff decide
- `store/class_points`, `web/student/entry_places`, `web/ledger_words`, `web/instructor/class_form`,
  `web/instructor/excuses`, `web/instructor/excuses_for_many`, `web/instructor/overrides`: the pages of the ledger
- `mentoring/ledger_rows`, `mentoring/findings`, `mentoring/single_items`, `mentoring/partner_items`,
  `mentoring/efforts`, `mentoring/lateness`: how an item is earned, alone or with a partner
- `mentoring/pair_life`, `mentoring/successive`: a pair's life; one person's check-ins over several pairs
- `mentoring/form_parts`: what several forms have in common
- `mentoring/cases`, `mentoring/case_forms`, `mentoring/self_help`, `mentoring/health`: when something is not working
- `actions/pair_life`, `store/pair_life`, `actions/cases`, `store/cases`, `actions/standing`, `store/standing`,
  `actions/sweep`, `web/student/pair_help`, `web/student/pair_life`, `web/instructor/pairs`, `web/instructor/cases`,
  `web/case_words`: the same, done, kept and shown
- `mentoring/changes`, `mentoring/impact`: what differs, and whom it meets
- `mentoring/phases`, `mentoring/rules`, `actions/phases`, `web/instructor/phases`: from set-up to closed, step by step
- `web/instructor/setup`, `web/instructor/settings`, `web/instructor/sections`, `web/instructor/history`,
  `store/impact`: five questions, changes with their impact, versions
- `web/instructor/scheme`, `web/instructor/effects`: what earns points, changed by staff who see what it does
- `actions/team`, `store/team`, `web/instructor/team`: who runs a programme
- `web/instructor/preview`, `web/telling`: the students' pages rehearsed; what a rule says
- `store/application`, `store/training`, `store/nudges`: mentors chosen and trained, and reminders
- `mentoring/application`, `actions/application`, `store/application`, `web/student/application`,
  `web/instructor/mentors`: mentors apply, staff choose
- `web/student/way_in`: the pages of joining in their order
- `actions/training`, `store/training`, `web/student/training`, `web/library`: training is gone through
- `web/student/agreement`: what people agree to, from the same texts
- `mentoring/funnel`, `store/funnel`, `web/stages`, `web/instructor/cohort`, `web/student/steps`: from roster to ready
- `mentoring/reminders`, `actions/nudges`, `store/nudges`, `actions/mail`, `jobs/letters`, `web/mail`: reminders
- `actions/privacy`, `store/privacy`, `web/errand/privacy`, `web/instructor/participation`: launches about a person
- `lti/messages`, `lti/claim_parts`, `lti/id_token`, `lti/paging`: more of what an LMS says, and lists in parts
- `lti/canvas`, `lti/presets`, `lti/preset_table`, `lti/profile`, `lti/signing`: what each LMS is told; the tool's keys
- `mentoring/checkins_pulse`, `mentoring/checkins_probes`, `mentoring/checkins_asked`, `mentoring/checkins_plan`,
  `mentoring/checkins_signs`, `mentoring/checkins_ways`: what check-ins ask and when, and what an answer sets going
- `actions/checkins`, `actions/staff_tasks`, `store/checkins`, `store/staff_tasks`, `web/student/pair_checkins`,
  `web/instructor/asked`, `web/instructor/tasks`: probes answered, and what staff should look at
- `mentoring/reflections`, `actions/reflections`, `store/reflections`, `web/student/reflections`,
  `web/instructor/reflections`: three reflections and their rubric
- `mentoring/nudging`, `actions/nudging`, `actions/waiting`, `actions/away`, `store/ladder`, `jobs/pair_letters`,
  `web/student/pair_away`: the nudge ladder, and being away
- `lti/labels`, `lti/asked`: the tool's name in other languages; what each LMS's form asks
- `lti/storage`, `lti/pending`, `web/signing_in`, `web/framing`, `web/language`,
  `web/visit_session`: an LMS's frame, storage, language, and what a visit remembers
- `actions/groups`, `lti/groups`, `lti/variables`: sections and groups
- `actions/notices`, `store/notices`, `web/notices`, `lti/notifications`: what an LMS tells by itself
- `actions/candidates`, `actions/scenarios`, `actions/edits`, `actions/fairness`, `actions/why_not`, `store/board`,
  `mentoring/scenarios`,
  `web/instructor/matching_scenarios`, `web/instructor/matching_edits`, `web/instructor/matching_people`,
  `web/instructor/matching_why`, `web/instructor/said`, `web/instructor/report`: several answers to one proposal, pairs
  changed by hand, the people left over, the fairness report and the record
- `mentoring/meetings`, `mentoring/meeting_reports`, `mentoring/meeting_times`, `mentoring/meeting_links`,
  `mentoring/meeting_form`, `mentoring/meeting_notes`, `mentoring/meeting_evidence`: meetings as values: states, times,
  notes, proof
- `store/meetings`, `store/meeting_evidence`, `actions/meetings`, `actions/meeting_rows`, `actions/meeting_notes`,
  `actions/contact`, `actions/calendar_feed`, `store/calendar_feed`: a pair's meetings, what they prove, attempts at
  contact, private calendar addresses
- `mentoring/meeting_acts`, `web/student/pair_meetings`, `web/student/pair_meeting`, `web/student/pair_notes`,
  `web/student/meeting_shown`, `web/student/calendar`, `web/instructor/meetings`: their pages
- `web/calendars`, `web/feed`, `web/clocks`: iCalendar files, what a calendar reads by itself, several people's clocks
- `actions/answers`, `actions/equals`, `actions/repairs`, `actions/triads`, `actions/by_hand_kinds`,
  `web/instructor/matching_what_if`, `web/instructor/matching_repair`, `web/instructor/matching_triads`: other weights,
  rules and people for a scenario; running pairs repaired; groups of three
- `actions/announcing`, `web/student/pair_why`: everybody concerned is told once; why these two, and why nobody else
- `matching_file`: the command that matches a file, or checks a certificate
- `mentoring/agreement`, `mentoring/agreement_draft`, `mentoring/goals`, `mentoring/goal_form`, `mentoring/confidence`,
  `mentoring/tasks`, `mentoring/plan`, `store/agreement`, `store/goals`, `store/tasks`, `store/plans`,
  `actions/in_pair`, `actions/agreement`, `actions/goals`, `actions/tasks`, `web/student/pair_plan`,
  `web/student/pair_agreement`, `web/student/pair_goals`, `web/student/goal_shown`, `web/student/pair_tasks`,
  `web/student/task_files`, `web/instructor/pair_plans`: what a pair agrees on, works towards and does next, and what
  staff may know of it
- `lti/pace`, `store/rest`, `jobs/crew`: how fast an LMS is asked, when it is left in peace, and who works
- `store/buried`, `actions/burials`: what was given up, tried again by hand
- `app`, `wsgi`, `cli`, `settings`: where the parts meet, and how they are started
- `cli/application`, `cli/platforms`, `cli/keys`, `cli/outbox`, `cli/bench`: the commands
- `crowd`: the rest of a large course, for the demo alone

`demo_lms` is a stranger, a small LMS for the demo and the tests; `demo` drives both over HTTP.
"""
