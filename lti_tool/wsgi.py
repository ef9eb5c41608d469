"""What gunicorn serves."""

from pathlib import Path

from lti_tool.app import create_app
from lti_tool.settings import load

app = create_app(load(Path(".env")))
