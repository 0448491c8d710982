namespace Ouroboros.Samples.Irm;

/// <summary>How each command is used.</summary>
internal static class Usage
{
    public const string Top = """
        Usage: irm [--socket PATH] [--json] COMMAND ...

          ipcp      create, destroy, bootstrap, enroll, connect, disconnect and list IPCPs
          bind      let a program, a process or an IPCP accept flows for a name
          unbind    undo that
          name      create, destroy, register, unregister and list names
          flow      list flows
          process   list processes
          inspect   show the live actors of the daemon
          rib       list and show what layers and flows say of themselves
          help      this text; also after ipcp, bind, unbind, name, flow, process, inspect and rib

        --help after any command says how it is used. --json, here or at the end, makes JSON of what list, show and inspect show.
        Examples: irm ipcp bootstrap type local name lo layer here    irm name register oping layer here    irm inspect --json

        Keywords may be shortened. The daemon is looked for at PATH, else at $OUROBOROS_SOCKET, else at /var/run/ouroboros/irm.sock.

        """;

    public const string Ipcp = """
        Usage: irm ipcp {create | destroy | bootstrap | enroll | connect | disconnect | list | help}

        """;

    public const string IpcpCreate = """
        Usage: irm ipcp create name IPCP type TYPE

        TYPE: unicast broadcast local udp4 udp6 eth-llc eth-dix

        """;

    public const string IpcpDestroy = """
        Usage: irm ipcp destroy name IPCP

        """;

    public const string IpcpBootstrap = """
        Usage: irm ipcp bootstrap name IPCP layer LAYER [type TYPE] [option value]...

        TYPE: unicast broadcast local udp4 udp6 eth-llc eth-dix; needed when there is no IPCP of that name yet
        local, broadcast, eth-llc, eth-dix, unicast
          hash H               SHA3_224, SHA3_256 (default), SHA3_384 or SHA3_512
        unicast, broadcast
          autobind             bind the IPCP to its own name and to that of the layer
        unicast
          addr_auth flat       address policy
          directory DHT        directory policy
          routing POLICY       link_state (default), lfa or ecmp
          congestion POLICY    mb-ecn (default) or none
          addr BYTES           size of addresses (4)
          eid BYTES            size of endpoint ids (8)
          ttl HOPS             maximum time to live (60)
          dht_alpha N          parallel searches, 1 to 10 (3)
          dht_k N              copies, 1 to 20 (8)
          dht_t_expire S       life of a value, 10 to 86400 s (86400)
          dht_t_refresh S      between checks of a contact, 3 to 3600 s (900)
          dht_t_replicate S    between replications, 3 to 3600 s (900)
          ls_t_recalc S        between computations of the forwarding table (4)
          ls_t_update S        between announcements of a link (15)
          ls_t_timeo S         without news until a link is gone (60)
        udp4, udp6
          ip ADDRESS           local address, mandatory
          port N               UDP port (3435)
          dns ADDRESS          server for dynamic DNS (none)
        eth-llc, eth-dix
          dev INTERFACE        network interface, mandatory
        eth-dix
          ethertype HEX        0600 to FFFE (A000)

        """;

    public const string IpcpEnroll = """
        Usage: irm ipcp enroll name IPCP {layer LAYER | dst NAME} [type {unicast | broadcast}] [autobind]

        Joins the layer of the member that accepts flows for NAME; for the layer's own name unless dst is given.
        The IPCP is made if there is none of that name and type (unicast unless given).

        """;

    public const string IpcpConnect = """
        Usage: irm ipcp connect name IPCP dst NAME [component {dt | mgmt}] [qos {raw | best | voice | video | data}]

        Both components unless one is given, mgmt first; the QoS is that of dt.

        """;

    public const string IpcpDisconnect = """
        Usage: irm ipcp disconnect name IPCP dst NAME [component {dt | mgmt}]

        """;

    public const string IpcpList = """
        Usage: irm ipcp list [name IPCP] [type TYPE] [layer LAYER]

        """;

    public const string Name = """
        Usage: irm name {create | secure | destroy | register | unregister | list [list BEGINNING] | help}

        """;

    public const string NameCreate = """
        Usage: irm name create NAME [lb {round-robin | spillover}] [FILE PATH]... [{srequire | crequire} {auth | enc | both}]

        lb: which of several waiting servers gets the next flow; round-robin unless given
        FILE: sencpath scrtpath skeypath cencpath ccrtpath ckeypath, the encryption configuration, certificate and key of servers (s) and clients (c);
              skempath ckempath, the server's static KEM key and its public part; a key may be a pkcs11: URI
        srequire, crequire: refuse clients, or servers, that do not authenticate themselves (auth), or flows without encryption (enc)

        """;

    public const string NameSecure = """
        Usage: irm name secure NAME [FILE PATH]... [{srequire | crequire} {auth | enc | both}]

        Replaces all security options of a name, for flows that are asked for from now on; what is not given is the default again. As in irm name create.

        """;

    public const string NameDestroy = """
        Usage: irm name destroy NAME

        """;

    public const string NameRegister = """
        Usage: irm name register NAME {layer LAYER | ipcp IPCP}...

        LAYER and IPCP may have * in them.

        """;

    public const string NameUnregister = """
        Usage: irm name unregister NAME {layer LAYER | ipcp IPCP}...

        LAYER and IPCP may have * in them.

        """;

    public const string Bind = """
        Usage: irm bind {program | process | ipcp | help}

        """;

    public const string BindProgram = """
        Usage: irm bind program PROGRAM name NAME [auto] [-- ARGUMENT...]

        auto: start the program with these arguments when a flow to NAME is asked for and nobody accepts

        """;

    public const string BindProcess = """
        Usage: irm bind process PID name NAME

        """;

    public const string BindIpcp = """
        Usage: irm bind ipcp IPCP name NAME

        """;

    public const string Unbind = """
        Usage: irm unbind {program | process | ipcp | help}

        """;

    public const string UnbindProgram = """
        Usage: irm unbind program PROGRAM [name NAME]

        From all names unless one is given.

        """;

    public const string UnbindProcess = """
        Usage: irm unbind process PID [name NAME]

        From all names unless one is given.

        """;

    public const string UnbindIpcp = """
        Usage: irm unbind ipcp IPCP [name NAME]

        From all names unless one is given.

        """;

    public const string Flow = """
        Usage: irm flow {list | help}

        pid: who owns this end; below: the IPCP or, for a direct flow, the other process; mpl: longest life of a packet below, ms

        """;

    public const string Process = """
        Usage: irm process {list | help}

        pid: number that the daemon gave; names: what the process accepts flows for

        """;

    public const string Rib = """
        Usage: irm rib {list [PATH] | show PATH | help}

        The tree that the reference has below /tmp/ouroboros. list: all paths, or those below PATH, directories with a / at the end.
        show: the text of a file, or of every file below a directory, each after its path.
          IPCP/info             state, type and layer of an IPCP
          IPCP/dht              the directory: its node, the values that it keeps, what it counts
          IPCP/lsdb             routing: the nodes and links that are known
          IPCP/dt.ADDRESS       packets sent, received and dropped, by flow
          IPCP/flow-allocator   flows of the layer
          proc.PID/FD/frct      an ordered flow of a process: windows, round trips, losses
        Example: irm rib show IPCP/dht

        """;

    public const string Inspect = """
        Usage: irm inspect [json]

        Shows every live actor of the daemon: type, state, messages that wait (mailbox), restarts, last failure.
        Below /user/irmd:
          ipcps/NAME            an IPCP; io: its device; connections, directory, dt, enrolment, fa, routing: the parts of a member of a layer
          flows/ID              a flow, as in irm flow list
          applications/PID      a process, as in irm process list
          oap/ID                a handshake that is under way
        What IPCPs and flows count, and what the directory (DHT) keeps: irm rib.

        """;
}
