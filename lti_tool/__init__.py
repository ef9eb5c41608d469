"""Peer Mentoring for LTI: mentoring pairs inside a course, from the launch to the gradebook.

One story runs through everything, and a stage has the same name in every ring, so that typing it lists the whole of it:

stage          edge           rules                                  action         rows        pages
launch         launch, login  –                                      launch         people      lti, visitor
roster         roster         roster                                 roster         people      instructor/programme
programme      –              programme                              programme      programme   instructor/programme
enrolment      –              enrolment, questionnaire               enrolment      enrolment   student/enrolment
matching       –              matching/                              matching       matching    instructor/matching
workspace      –              workspace, checkins                    workspace      workspace   student/workspace
participation  –              participation                          participation  workspace   student/participation
gradebook      gradebook      –                                      gradebook      gradebook   instructor/gradebook

What serves every stage, ring by ring:

- `lti/claims`, `lti/roles`, `lti/texts`, `lti/quirks`, `lti/errors`: what an LMS says, and what may be wrong with it
- `lti/platform`, `lti/keys`, `lti/bridge`, `lti/addresses`: whom the tool trusts
- `lti/connector`, `lti/tokens`, `lti/transport`, `lti/links`, `lti/faults`: every call to an LMS's services
- `lti/registration`, `lti/openid`, `lti/guarded`: dynamic registration
- `mentoring/questions`, `mentoring/options`, `mentoring/availability`, `mentoring/zones`, `mentoring/words`: the
  default questionnaire, the week, and sentences to translate
- `store/db`, `store/platforms`, `store/outbox`: the engine, registered LMSs, what must reach the outside
- `actions/edge`, `actions/platforms`, `actions/audit`: an action's way to an LMS; registration; the record
- `actions/scores`: the gradebook's second half, scores on their way
- `jobs/queue`, `jobs/handlers`, `jobs/schedule`: from an outbox row to the action that does it
- `web/student/home`, `web/public`, `web/frame`, `web/forms`, `web/text`, `web/errors`: what pages share
- `app`, `wsgi`, `cli`, `settings`: where the parts meet, and how they are started

`demo_lms` is a stranger, a small LMS for the demo and the tests; `demo` drives both over HTTP.
"""
