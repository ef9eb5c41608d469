"""`lti-tool demo`: everything on this machine, ready to click; with `--story`, told to the end without a browser."""

import sys
import time
from decimal import Decimal
from pathlib import Path

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import Programs, running
from lti_tool.demo.story import Story
from lti_tool.demo.surfer import StoryBroken

FOLDER = Path("var/demo")
STUDENTS = 40  # that the demo LMS invents by itself; the rest of a larger course comes as a crowd


def run_demo(*, port: int, lms_port: int, is_story: bool, lms: str = "own", students: int = STUDENTS) -> int:
    """Start the demo; its exit status. The story's is 0 only if the LMS has exactly the scores it must have."""
    places = Places(tool=f"http://localhost:{port}", lms=f"http://localhost:{lms_port}")
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)

    try:
        say("Starting the tool, its worker and the demo LMS …")
        with running(places, FOLDER.resolve(), lms=lms, students=students) as programs:
            story = Story(places, say)
            story.prepare(programs.command, lms=lms)
            if students > STUDENTS:
                say("The rest of the course is coming …")
                say(programs.command("demo-crowd"))
            if is_story:
                story.tell()
                return report(story)
            return _invite_in(places, programs)
    except StoryBroken as fault:
        print(f"The demo stopped: {fault}", file=sys.stderr)
        return 1


def report(story: Story) -> int:
    """Print the LMS's gradebook beside what it must have; 0 if they are the same."""
    there = story.gradebook()
    both = {one: (story.expected.get(one), there.get(one)) for one in story.students}
    with_points = {one: points for one, points in both.items() if points != (None, None)}
    print(f"\n{'Student':<24} {'check-ins say':>14} {'LMS gradebook':>14}")
    for person, (must, has) in with_points.items():
        print(f"{person:<24} {_shown(must):>14} {_shown(has):>14}{'' if must == has else '   <-- differs'}")
    print(f"{len(both) - len(with_points)} students have no points yet, and nothing in the LMS.")
    wrong = [person for person, (must, has) in with_points.items() if must != has]
    right = len(story.expected) - len(set(wrong) & set(story.expected))
    print(f"\n{right} of {len(story.expected)} scores are right in the LMS.")
    return 1 if wrong or not story.expected else 0


def _shown(points: Decimal | None) -> str:
    return "–" if points is None else f"{points:.2f}"


def _invite_in(places: Places, programs: Programs) -> int:
    print(f"""
The demo is ready. Open  {places.lms}  in a browser and choose who you are:

  Alice Ashford     the teacher: matching, gradebook, settings
  Bob Birchwood     a student who joined as a mentor
  Dana Dewdrop      a student who joined as a mentee
  Kwame, Priya …    students who have not joined yet

Then open “Peer mentoring” in Biology 101. Ctrl-C ends everything; each start begins afresh.
""")
    try:
        programs.wait()
    except KeyboardInterrupt:
        print("Stopping …")
    return 0
