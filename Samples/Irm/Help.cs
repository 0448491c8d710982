namespace Ouroboros.Samples.Irm;

/// <summary><c>irm ... --help</c>: the usage of the command that stands before it, wherever the words stop.</summary>
internal static class Help
{
    /// <summary>Whether a command line asks for help. What is given to a program, after <c>--</c>, is not ours.</summary>
    public static bool IsAskedFor(IEnumerable<string> words) => words.TakeWhile(w => w != "--").Any(w => w is "--help" or "-h");

    /// <summary>The usage of a command, of its group when there is no such command, of the tool when there is no such group.</summary>
    public static string For(Words words)
    {
        var group = Words.Find(words.Next() ?? "", IrmTool.Keywords);
        var word = words.Next() ?? "";
        return group switch
        {
            "ipcp" => Words.Find(word, ["create", "destroy", "bootstrap", "enroll", "connect", "disconnect", "list"]) switch
            {
                "create" => Usage.IpcpCreate,
                "destroy" => Usage.IpcpDestroy,
                "bootstrap" => Usage.IpcpBootstrap,
                "enroll" => Usage.IpcpEnroll,
                "connect" => Usage.IpcpConnect,
                "disconnect" => Usage.IpcpDisconnect,
                "list" => Usage.IpcpList,
                _ => Usage.Ipcp,
            },
            "name" => Words.Find(word, ["create", "secure", "destroy", "register", "unregister"]) switch
            {
                "create" => Usage.NameCreate,
                "secure" => Usage.NameSecure,
                "destroy" => Usage.NameDestroy,
                "register" => Usage.NameRegister,
                "unregister" => Usage.NameUnregister,
                _ => Usage.Name,
            },
            "bind" => Words.Find(word, ["program", "process", "ipcp"]) switch
            {
                "program" => Usage.BindProgram,
                "process" => Usage.BindProcess,
                "ipcp" => Usage.BindIpcp,
                _ => Usage.Bind,
            },
            "unbind" => Words.Find(word, ["program", "process", "ipcp"]) switch
            {
                "program" => Usage.UnbindProgram,
                "process" => Usage.UnbindProcess,
                "ipcp" => Usage.UnbindIpcp,
                _ => Usage.Unbind,
            },
            "flow" => Usage.Flow,
            "process" => Usage.Process,
            "inspect" => Usage.Inspect,
            "rib" => Usage.Rib,
            _ => Usage.Top,
        };
    }
}
