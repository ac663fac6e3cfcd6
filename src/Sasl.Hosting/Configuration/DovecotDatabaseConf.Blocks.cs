namespace Sasl.Hosting.Configuration;

// What belongs to a block's place in the chain.
public static partial class DovecotDatabaseConf
{
    public static SettingTable Passdb { get; } = new(
    [
        Text("driver", "", "What kind of database it is.", "passdb_driver"),
        Text("args", "", "What the driver has to know."),
        Text("name", "", "How the log calls it.", "passdb_name"),
        YesNo("deny", "no", "Whoever is found in it is refused.", "passdb_deny"),
        YesNo("master", "no", "Whoever is found in it may log in as others.", "passdb_master"),
        YesNo("pass", "no", "Older than result_success = continue, and the same."),
        Word("skip", ["never", "authenticated", "unauthenticated"], "When it is passed over.", "passdb_skip"),
        List("mechanisms", "", "The mechanisms that it is asked for; \"none\" (2.4: \"lookup\") is a look-up without a login. Empty: all.", "passdb_mechanisms_filter"),
        List("username_filter", "", "Patterns of user names that it is asked for; \"!\" in front excludes. Empty: all.", "passdb_username_filter"),
        Result("result_success", "return-ok", "What follows when it says yes.", "passdb_result_success"),
        Result("result_failure", "continue", "What follows when it says no.", "passdb_result_failure"),
        Result("result_internalfail", "continue", "What follows when it cannot be asked.", "passdb_result_internalfail"),
        Text("default_fields", "", "Fields that are set before it is asked: name=value name=value."),
        Text("override_fields", "", "Fields that are set after it has answered.", "passdb_fields"),
        Word("auth_verbose", ["default", "yes", "no"], "Log its refusals; default: as auth_verbose of the server says."),
        YesNo("use_worker", "no", "Ask it in a process of its own; here nothing that waits holds up another.", "passdb_use_worker").Unsupported(),
        YesNo("fields_import_all", "yes", "Take over fields that passdb_fields does not name.", "passdb_fields_import_all"),
    ]);

    public static SettingTable Userdb { get; } = new(
    [
        Text("driver", "", "What kind of database it is.", "userdb_driver"),
        Text("args", "", "What the driver has to know."),
        Text("name", "", "How the log calls it.", "userdb_name"),
        Word("skip", ["never", "found", "notfound"], "When it is passed over.", "userdb_skip"),
        Result("result_success", "return-ok", "What follows when it knows the user.", "userdb_result_success"),
        Result("result_failure", "continue", "What follows when it does not.", "userdb_result_failure"),
        Result("result_internalfail", "continue", "What follows when it cannot be asked.", "userdb_result_internalfail"),
        Text("default_fields", "", "Fields that are set before it is asked: name=value name=value."),
        Text("override_fields", "", "Fields that are set after it has answered.", "userdb_fields"),
        Word("auth_verbose", ["default", "yes", "no"], "Log whom it does not know; default: as auth_verbose of the server says."),
        YesNo("use_worker", "no", "Ask it in a process of its own; here nothing that waits holds up another.", "userdb_use_worker").Unsupported(),
        YesNo("fields_import_all", "yes", "Take over fields that userdb_fields does not name.", "userdb_fields_import_all"),
    ]);

    static Setting Result(string name, string @default, string help, string modern) =>
        new(name, SettingType.Text, @default, help) { Choices = ["return-ok", "return", "return-fail", "continue", "continue-ok", "continue-fail"], Aliases = [modern] };
}
