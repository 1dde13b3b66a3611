# One image for all processes: `docker build -t tierwise .`; the command says which one it is.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/tierwise
# What the service needs changes less often than the service: a layer of its own.
COPY locks/runtime.txt ./
RUN /opt/tierwise/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r runtime.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY engine engine
COPY queues queues
COPY dashboard dashboard
COPY rules rules
COPY config config
RUN /opt/tierwise/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:3.11-slim-bookworm
COPY --from=build /opt/tierwise /opt/tierwise
ENV PATH=/opt/tierwise/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Nobody in particular, who may write nowhere but in /tmp.
USER 65534:65534
WORKDIR /srv
EXPOSE 8080
ENTRYPOINT ["tierwise"]
CMD ["api", "--host", "0.0.0.0"]
