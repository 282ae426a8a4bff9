# One image for every role: the arguments of the container are those of relay.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What restore reads comes first, so that a change of code does not restore again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/RelayServer.Protocol/RelayServer.Protocol.csproj src/RelayServer.Protocol/packages.lock.json src/RelayServer.Protocol/
COPY src/RelayServer.Guards/RelayServer.Guards.csproj src/RelayServer.Guards/packages.lock.json src/RelayServer.Guards/
COPY src/RelayServer.Rooms/RelayServer.Rooms.csproj src/RelayServer.Rooms/packages.lock.json src/RelayServer.Rooms/
COPY src/RelayServer.Fabric/RelayServer.Fabric.csproj src/RelayServer.Fabric/packages.lock.json src/RelayServer.Fabric/
COPY src/RelayServer.Identity/RelayServer.Identity.csproj src/RelayServer.Identity/packages.lock.json src/RelayServer.Identity/
COPY src/RelayServer.Storage/RelayServer.Storage.csproj src/RelayServer.Storage/packages.lock.json src/RelayServer.Storage/
COPY src/RelayServer.Accounts/RelayServer.Accounts.csproj src/RelayServer.Accounts/packages.lock.json src/RelayServer.Accounts/
COPY src/RelayServer.Edge/RelayServer.Edge.csproj src/RelayServer.Edge/packages.lock.json src/RelayServer.Edge/
COPY src/RelayServer.Master/RelayServer.Master.csproj src/RelayServer.Master/packages.lock.json src/RelayServer.Master/
COPY src/RelayServer.Client/RelayServer.Client.csproj src/RelayServer.Client/packages.lock.json src/RelayServer.Client/
COPY src/RelayServer.Adapters/RelayServer.Adapters.csproj src/RelayServer.Adapters/packages.lock.json src/RelayServer.Adapters/
COPY src/RelayServer/RelayServer.csproj src/RelayServer/packages.lock.json src/RelayServer/
RUN dotnet restore src/RelayServer/RelayServer.csproj --locked-mode

COPY .editorconfig ./
COPY src/ src/
RUN dotnet publish src/RelayServer/RelayServer.csproj -c Release --no-restore -o /app \
 && find /app/runtimes -mindepth 1 -maxdepth 1 ! -name 'linux-*' -exec rm -rf {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app

# The user without rights that the base image has. Its folder is there before the volume is, with the mode that relay asks for.
RUN mkdir -p /data && chown "$APP_UID" /data && chmod 700 /data
USER $APP_UID
VOLUME /data

# Beyond the loopback of the container; who may reach these ports is decided by what publishes them.
ENV PATH="/app:$PATH" \
    RELAY_DATA=/data \
    RELAY_Local__Listen="*:7400,*:7401" \
    RELAY_Edge__Listen="*:7400" \
    RELAY_Http__Listen="*:7480"
EXPOSE 7400 7401 7480

# Readiness is the orchestrator's question (/readyz): a container that only waits for Redis must not be restarted.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["relay", "health"]

# Above Edge:DrainMilliseconds, the supervisor has to wait before it kills: docker stop --time 40.
STOPSIGNAL SIGTERM
ENTRYPOINT ["relay"]
