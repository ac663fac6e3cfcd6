using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>Settings that Dovecot has and nothing here corresponds to: setting one is reported, but it is no slip of the pen.</summary>
static class DovecotConfOthers
{
    /// <summary>Of 2.3.</summary>
    const string Release23 = """
        config_cache_size default_idle_kill deliver_log_format dict_db_config director_flush_socket director_mail_servers director_max_parallel_kicks
        director_max_parallel_moves director_output_buffer_size director_ping_idle_timeout director_ping_max_timeout director_servers director_user_expire
        director_user_kick_delay director_username_hash dotlock_use_excl doveadm_allowed_commands doveadm_api_key doveadm_http_rawlog_dir doveadm_port
        doveadm_socket_path doveadm_ssl doveadm_username doveadm_worker_count dsync_alt_char dsync_commit_msgs_interval dsync_features dsync_hashed_headers
        dsync_remote_cmd imap_fetch_failure imap_id_retain imap_urlauth_host imap_urlauth_logout_format imap_urlauth_port imapc_cmd_timeout
        imapc_connection_retry_count imapc_connection_retry_interval imapc_features imapc_host imapc_list_prefix imapc_master_user imapc_max_idle_time
        imapc_max_line_length imapc_password imapc_port imapc_rawlog_dir imapc_sasl_mechanisms imapc_ssl imapc_ssl_verify imapc_user libexec_dir
        lmtp_client_workarounds lmtp_proxy_rawlog_dir lmtp_rawlog_dir lmtp_verbose_replies log_core_filter log_debug login_access_sockets login_plugin_dir
        login_plugins login_proxy_max_disconnect_delay login_proxy_max_reconnects login_proxy_notify_path login_proxy_rawlog_dir login_proxy_timeout
        login_source_ips mail_always_cache_fields mail_attachment_detection_options mail_attachment_dir mail_attachment_fs mail_attachment_hash
        mail_attribute_dict mail_cache_fields mail_chroot mail_debug mail_log_prefix mail_max_lock_timeout mail_never_cache_fields mail_nfs_index
        mail_nfs_storage mail_plugin_dir mail_prefetch_count mail_save_crlf mail_server_admin mail_server_comment mail_shared_explicit_inbox
        mail_sort_max_read_count mail_temp_dir mail_temp_scan_interval mail_vsize_bg_after_count mailbox_list_index_include_inbox
        mailbox_list_index_very_dirty_syncs maildir_broken_filename_sizes maildir_empty_new master_user_separator mbox_dirty_syncs mbox_dotlock_change_timeout
        mbox_md5 mbox_min_index_size mbox_very_dirty_syncs mdbox_preallocate_space mdbox_rotate_interval mdbox_rotate_size old_stats_carbon_interval
        old_stats_carbon_name old_stats_carbon_server old_stats_command_min_time old_stats_domain_min_time old_stats_ip_min_time old_stats_memory_limit
        old_stats_session_min_time old_stats_user_min_time pop3_deleted_flag pop3_fast_size_lookups pop3_uidl_duplicates pop3c_features pop3c_host
        pop3c_master_user pop3c_password pop3c_port pop3c_quick_received_date pop3c_rawlog_dir pop3c_ssl pop3c_ssl_verify pop3c_user process_shutdown_filter
        rawlog_dir rejection_subject replication_dsync_parameters replication_full_sync_interval replication_max_conns replicator_host replicator_port
        sendmail_path ssl_cert_username_field ssl_client_cert ssl_client_key ssl_crypto_device stats_http_rawlog_dir stats_writer_socket_path
        submission_client_workarounds submission_logout_format submission_max_mail_size submission_max_recipients submission_relay_command_timeout
        submission_relay_connect_timeout submission_relay_host submission_relay_master_user submission_relay_max_idle_time submission_relay_password
        submission_relay_port submission_relay_rawlog_dir submission_relay_ssl submission_relay_ssl_verify submission_relay_trusted submission_relay_user
        submission_ssl submission_timeout valid_chroot_dirs
        """;

    /// <summary>That 2.4 has besides.</summary>
    const string Release24 = """
        acl acl_defaults_from_inbox acl_dict_index acl_driver acl_global_path acl_globals_only acl_groups acl_id acl_ignore acl_rights acl_sharing_map
        acl_user apparmor_hats cassandra_connect_timeout cassandra_debug_queries cassandra_delete_consistency cassandra_delete_fallback_consistency
        cassandra_execution_retry_interval cassandra_execution_retry_times cassandra_heartbeat_interval cassandra_hosts cassandra_idle_timeout
        cassandra_io_thread_count cassandra_keyspace cassandra_latency_aware_routing cassandra_log_level cassandra_log_retries cassandra_metrics
        cassandra_page_size cassandra_password cassandra_port cassandra_protocol_version cassandra_read_consistency cassandra_read_fallback_consistency
        cassandra_request_timeout cassandra_ssl cassandra_user cassandra_warn_timeout cassandra_write_consistency cassandra_write_fallback_consistency
        cdb_path charset_aliases compress_bz2_block_size_100k compress_deflate_level compress_gz_level compress_zstd_level
        crypt_acl_require_secure_key_sharing crypt_global_private_key crypt_global_public_key_file crypt_private_key_file crypt_private_key_name
        crypt_private_key_password crypt_user_key_curve crypt_user_key_encryption_key crypt_user_key_password crypt_user_key_require_encrypted
        crypt_write_algorithm default_idle_kill_interval dict_driver dict_file_path dict_map dict_map_expire_field dict_map_key_field dict_map_key_field_name
        dict_map_key_field_type dict_map_key_field_value dict_map_ldap_filter dict_map_pattern dict_map_sql_table dict_map_username_field dict_map_value_field
        dict_map_value_field_name dict_map_value_field_type dict_name dict_proxy_idle_timeout dict_proxy_name dict_proxy_slow_warn dict_proxy_socket_path
        dict_server dns_client_socket_path dns_client_timeout doveadm_server event_exporter_driver event_exporter_file_path event_exporter_format
        event_exporter_http_post_url event_exporter_name event_exporter_time_format event_exporter_unix_connect_timeout event_exporter_unix_path execute
        execute_args execute_driver execute_fork_path execute_name execute_tcp_host execute_tcp_port execute_unix_socket_path fs
        fs_compress_read_plain_fallback fs_compress_write_method fs_crypt_read_plain_fallback fs_dict_value_encoding fs_driver fs_name fs_posix_accurate_mtime
        fs_posix_autodelete_empty_directories fs_posix_fsync fs_posix_lock_method fs_posix_mode fs_posix_prefix fts fts_autoindex
        fts_autoindex_max_recent_msgs fts_decoder_driver fts_decoder_script_socket_path fts_decoder_tika fts_decoder_tika_url fts_driver
        fts_flatcurve_commit_limit fts_flatcurve_min_term_size fts_flatcurve_optimize_limit fts_flatcurve_rotate_count fts_flatcurve_rotate_time
        fts_flatcurve_substring_search fts_header_excludes fts_header_includes fts_message_max_size fts_search_add_missing fts_search_read_fallback
        fts_search_timeout fts_solr_batch_size fts_solr_soft_commit fts_solr_url http_client_auto_redirect http_client_auto_retry
        http_client_connect_backoff_max_time http_client_connect_backoff_time http_client_connect_timeout http_client_delete_request_max_attempts
        http_client_delete_request_timeout http_client_dns_ttl http_client_max_auto_retry_delay http_client_max_connect_attempts http_client_max_idle_time
        http_client_max_pipelined_requests http_client_proxy_password http_client_proxy_socket_path http_client_proxy_ssl_tunnel http_client_proxy_url
        http_client_proxy_username http_client_rawlog_dir http_client_read_request_max_attempts http_client_read_request_timeout
        http_client_request_absolute_timeout http_client_request_max_attempts http_client_request_max_redirects http_client_response_hdr_max_field_size
        http_client_response_hdr_max_fields http_client_response_hdr_max_size http_client_socket_recv_buffer_size http_client_socket_send_buffer_size
        http_client_soft_connect_timeout http_client_user_agent http_client_write_request_max_attempts http_client_write_request_timeout
        http_server_default_host http_server_max_idle_time http_server_max_payload_size http_server_max_pipelined_requests http_server_max_target_length
        http_server_rawlog_dir http_server_request_hdr_max_field_size http_server_request_hdr_max_fields http_server_request_hdr_max_size
        http_server_socket_recv_buffer_size http_server_socket_send_buffer_size imap_acl_allow_anyone imap_compress_on_proxy imapc_connection_timeout_interval
        imapsieve_expunge_discarded imapsieve_from imapsieve_from_name imapsieve_url language language_default language_filter_normalizer_icu_id
        language_filter_stopwords_dir language_filters language_tokenizer_address_token_maxlen language_tokenizer_generic_algorithm
        language_tokenizer_generic_token_maxlen language_tokenizer_generic_wb5a language_tokenizer_kuromoji_icu_id language_tokenizer_kuromoji_split_compounds
        language_tokenizer_kuromoji_token_maxlen language_tokenizers last_login last_login_dict_fields last_login_key last_login_precision
        lazy_expunge_mailbox lazy_expunge_only_last_instance login_socket_path lua_file lua_settings mail_alt_check mail_alt_path mail_attribute
        mail_cache_max_header_name_length mail_cache_max_headers_count mail_cache_max_size mail_cache_min_mail_count mail_cache_path
        mail_cache_purge_continued_percentage mail_cache_purge_delete_percentage mail_cache_purge_header_continue_count mail_cache_purge_min_size
        mail_cache_record_max_size mail_cache_unaccessed_field_drop mail_compress_write_method mail_control_path mail_ext_attachment mail_ext_attachment_hash
        mail_ext_attachment_min_size mail_ext_attachment_path mail_index_log2_max_age mail_index_log_rotate_max_size mail_index_log_rotate_min_age
        mail_index_log_rotate_min_size mail_index_path mail_index_private_path mail_index_rewrite_max_log_bytes mail_index_rewrite_min_log_bytes
        mail_log_cached_only mail_log_events mail_log_fields mail_lua mail_utf8_extensions mail_volatile_path mailbox_auto mailbox_autoexpunge
        mailbox_autoexpunge_max_mails mailbox_directory_name mailbox_directory_name_legacy mailbox_list_drop_noselect mailbox_list_index_prefix
        mailbox_list_iter_from_index_dir mailbox_list_storage_escape_char mailbox_list_utf8 mailbox_list_validate_fs_names mailbox_list_visible_escape_char
        mailbox_name mailbox_notify_status mailbox_root_directory_name mailbox_special_use mailbox_subscriptions_filename managesieve_client_workarounds
        managesieve_implementation_string managesieve_logout_format managesieve_max_compile_errors managesieve_max_line_length managesieve_notify_capability
        managesieve_sieve_capability metric_description metric_exporter metric_exporter_include metric_fields metric_filter metric_group_by
        metric_group_by_field metric_group_by_method metric_group_by_method_discrete_modifier metric_group_by_method_exponential_base
        metric_group_by_method_exponential_max_magnitude metric_group_by_method_exponential_min_magnitude metric_group_by_method_linear_max
        metric_group_by_method_linear_min metric_group_by_method_linear_step metric_group_by_method_method metric_name mysql_client_flags
        mysql_connect_timeout mysql_connection_limit mysql_dbname mysql_host mysql_option_file mysql_option_group mysql_password mysql_port mysql_read_timeout
        mysql_ssl mysql_user mysql_write_timeout namespace_alias_for namespace_disabled namespace_hidden namespace_ignore_on_failure namespace_inbox
        namespace_list namespace_name namespace_order namespace_prefix namespace_separator namespace_subscriptions namespace_type notify_status
        notify_status_value pgsql_connection_limit pgsql_host pgsql_parameters pop3_migration_all_mailboxes pop3_migration_ignore_extra_uidls
        pop3_migration_ignore_missing_uidls pop3_migration_mailbox pop3_migration_skip_size_check pop3_migration_skip_uidl_cache push_notification
        push_notification_driver quota quota_clone quota_clone_unset quota_driver quota_enforce quota_exceeded_message quota_fs_message_limit
        quota_fs_mount_path quota_fs_type quota_hidden quota_ignore quota_ignore_unlimited quota_imapc_mailbox_name quota_imapc_root_name quota_mail_size
        quota_mailbox_count quota_mailbox_message_count quota_message_count quota_message_percentage quota_name quota_over_status quota_over_status_current
        quota_over_status_lazy_check quota_over_status_mask quota_status_nouser quota_status_overquota quota_status_success quota_status_toolarge
        quota_storage_extra quota_storage_grace quota_storage_percentage quota_storage_size quota_warning quota_warning_name quota_warning_resource
        quota_warning_threshold redis_db_id redis_expire redis_host redis_key_prefix redis_password redis_port redis_request_timeout redis_socket_path
        sieve_duplicate_default_period sieve_duplicate_max_period sieve_editheader_header sieve_editheader_header_forbid_add
        sieve_editheader_header_forbid_delete sieve_editheader_header_name sieve_editheader_max_header_size sieve_extensions sieve_extlists_list
        sieve_extlists_list_max_lookup_size sieve_extlists_list_name sieve_global_extensions sieve_implicit_extensions sieve_include_max_includes
        sieve_include_max_nesting_depth sieve_max_actions sieve_max_cpu_time sieve_max_redirects sieve_max_script_size sieve_notify_mailto_envelope_from
        sieve_notify_mailto_max_headers sieve_notify_mailto_max_recipients sieve_notify_max_notifications sieve_plugins sieve_quota_script_count
        sieve_quota_storage_size sieve_redirect_envelope_from sieve_resource_usage_timeout sieve_script sieve_script_active_path sieve_script_bin_path
        sieve_script_cause sieve_script_driver sieve_script_ldap_filter sieve_script_ldap_modified_attribute sieve_script_ldap_script_attribute
        sieve_script_name sieve_script_path sieve_script_precedence sieve_script_storage sieve_script_type sieve_spamtest_score_max_header
        sieve_spamtest_score_max_value sieve_spamtest_status_header sieve_spamtest_status_type sieve_trace_addresses sieve_trace_debug sieve_trace_dir
        sieve_trace_level sieve_user_email sieve_user_log_path sieve_vacation_check_recipient sieve_vacation_max_period sieve_vacation_min_period
        sieve_vacation_send_from_recipient sieve_vacation_use_original_recipient sieve_variables_max_scope_count sieve_variables_max_value_size
        sieve_virustest_score_max_header sieve_virustest_score_max_value sieve_virustest_status_header sieve_virustest_status_type ssl_client
        ssl_client_key_password ssl_peer_certificate_fingerprint_hash ssl_server ssl_server_alt_cert_file ssl_server_alt_key_file ssl_server_ca_file
        ssl_server_cert_username_field ssl_server_request_client_cert ssl_server_require_crl stats_server submission_add_received_header textcat_config_path
        trash_priority virtual_max_open_mailboxes welcome_script welcome_wait
        """;

    static readonly FrozenSet<string> _names = $"{Release23}\n{Release24}".Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string name) => _names.Contains(name);

    public static IEnumerable<string> All => _names;
}
