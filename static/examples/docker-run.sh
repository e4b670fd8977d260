# Collects figures of the host and of its containers.
docker run -d --name collector \
  --privileged \
  --pid=host --network host \
  -v /var/run/docker.sock:/var/run/docker.sock:ro \
  -v /:/host:ro \
  -e API_TOKEN=9f8d1c2b7a6e5d4c3b2a1908 \
  registry.example.com/ops/collector:1.4
