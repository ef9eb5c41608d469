# One image for every process of an installation: web, worker, migrations. What it is told comes from the environment.
# Python 3.11 on Debian 12, as in the tests. No compiler: every dependency comes as a wheel, checked by its hash.
FROM python:3.11-slim-bookworm AS built
WORKDIR /src
COPY requirements-postgres.txt pyproject.toml README.md ./
RUN python -m venv /opt/tool && /opt/tool/bin/pip install --no-cache-dir --require-hashes -r requirements-postgres.txt
COPY lti_tool ./lti_tool
COPY templates ./templates
COPY migrations ./migrations
COPY config ./config
RUN /opt/tool/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --home-dir /var/lib/peer-mentoring --create-home tool
COPY --from=built /opt/tool /opt/tool
ENV PATH=/opt/tool/bin:$PATH PYTHONUNBUFFERED=1 BIND=0.0.0.0:8000
WORKDIR /var/lib/peer-mentoring
USER tool
EXPOSE 8000
CMD ["lti-tool", "serve"]
