"""The rules of peer mentoring, as values and pure functions: no clock, no database, no network.

One word per concept; this list is the glossary of the whole product.

People and places
    course          the group of people one LMS course context stands for
    member          a person in a course, with a role there (instructor, student ...)
    roster          the list of members an LMS gives for a course
    staff           members who run the course: instructors, teaching assistants, designers, administrators
    stranger        somebody who has nothing to do with the course that is looked at

A programme and who takes part
    programme       one round of peer mentoring in one course, with its settings
    phase           where a programme stands: set_up, sign_up, matching, running, closing, closed
    step            from one phase to the next: by hand, by publishing pairs, or by the calendar
    objective       what a programme should achieve; it decides what is measured
    preset          a kind of programme, and the values it fills in
    version         a programme's settings and questions as they were saved once
    impact          what saving a change would do, and to how many people
    enrolment       a member's part in a programme: a role, a state, the answers, the consent
    mentor          somebody who offers help
    mentee          somebody who wants help
    either          the wish to be mentor or mentee, wherever somebody is needed
    swap            the wish to be both: to help with one thing and be helped with another
    wish            somebody a person would like, or would rather not, work with
    questionnaire   the questions a programme asks, as data
    answer          what one person gave to one question
    audience        who sees an answer: self, partner, instructor
    availability    the blocks of a week in which somebody could meet, in their own time zone

Training
    training        what one side of a pair reads and tries before it starts; its quiz may have to be passed
    module          a part of a training
    step            a page or a scenario of a module
    place           where a step, a guide or a document is, as links inside the texts name it: tr1/one-step-ahead
    scenario        a situation with three replies to choose from, and what comes of each
    reply           one of them: good, well meant, or poor
    quiz            questions drawn from more, so many of each topic
    guide           a conversation prepared for a pair
    document        a text that people agree to or look things up in, with edition and date
    contents        all these texts in one language, made from files

Matching
    candidate       an enrolled person as the matching sees them
    capacity        how many mentees a mentor takes at most
    eligible        not forbidden by a hard rule
    score           how well two candidates suit each other, in parts per million (ppm)
    part            the share of a score that comes from one question, in ppm
    floor           the score of the worst pair of an assignment
    price           what one more place at a mentor would be worth; prices prove that an assignment is the best
    market          the question an assignment answers: scores, places, what is locked
    certificate     what is claimed of pairs, with the prices that prove it
    locked          a pair that stays, whatever else changes
    blocking pair   a mentee and a mentor who would both rather have each other
    assignment      who is matched with whom, as positions in a matrix
    proposal        the pairs the tool suggests, with reasons, and the people left unmatched
    strength        a score in words: strong, good, fair, weak
    board           the page on which staff read and change a proposal
    publish         to turn a proposal into pairs and show them to the people
    pair            one mentor and one mentee who work together
    partner         the other person of a pair

Working together
    workspace       a pair's page
    agreement       how a pair wants to work together, version by version; all of them sign one
    goal            what a pair works towards, until when, and how it shows
    suggestion      words for a goal that wait for somebody else's answer
    milestone       a step on the way to a goal
    confidence      how sure somebody feels of a goal, from 0 to 10
    task            what somebody of a pair does next
    check-in        a two-minute report on how a pair is doing
    slot            one due check-in of a programme's schedule, with the instant it opens
    probe           a check-in that is asked once or for a reason, without points
    window          from when something can be sent, until when it is in time; grace is the time after that
    rhythm          how a programme spaces what it asks; with what it leaves out, its plan
    sign            an answer that says that somebody should act; it becomes a task of staff
    way             what to try where something is in the way
    reflection      what somebody writes about the work at the start, half-way and at the end
    reading         one reader's marks on a reflection, by criterion
    wait            something that waits for a member of a pair since a moment
    ladder          whom a wait turns to, rung by rung: the person, the partner, the staff
    away            a time in which somebody is left in peace
    case            what somebody asked for or reported because something is not working, until it is closed
    concern         a case about one's partner: with their knowledge, or urgent
    sign            something that tells how a pair is doing: a check-in, a message, a meeting, a try in vain
    standing        how a pair is doing: on track, to be watched, stuck
    stretch         the time somebody spends in one pair
    seat            stretches that follow each other and share one row of check-ins
    stop            a time in which a seat's clock stands still, so that nothing is due
    participation   what a person did, counted in points
    points          what participation is worth; a programme says how many there are
    scheme          what participation is worth: items, each with a rule, points, and how many of it count
    item            one line of a scheme: joining, meetings, check-ins ...
    partner item    an item that takes two; whoever tries in vain has effort credit
    effort          two attempts at contact 48 hours apart and a solo alternative
    evidence        everything that a person's points depend on
    track           what somebody did at one place at their side, over all the pairs that followed each other there
    ledger          a person's points, entry by entry, each with its reason
    counted         due, not excused, and among the best of its kind
    excuse          that something need not be done, asked for and decided
    override        points that a person decided instead of the rule

The LMS
    gradebook       the LMS's table of results
    column          the programme's place in the gradebook
    result          the points of one person as sent to the column

A sentence for people is an English text marked with `N_`; the pages translate it (see `words`).
"""
