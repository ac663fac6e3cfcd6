using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>
/// The parameters of Postfix that this program has nothing for. A main.cf that sets one is accepted with a warning: it is not a typing
/// error, and it must not be ignored silently.
/// </summary>
public static class MainCfOthers
{
    static readonly FrozenSet<string> _names = """
        address_verify_cache_cleanup_interval address_verify_default_transport address_verify_local_transport address_verify_map
        address_verify_negative_cache address_verify_negative_expire_time address_verify_negative_refresh_time
        address_verify_pending_request_limit address_verify_poll_count address_verify_poll_delay
        address_verify_positive_expire_time address_verify_positive_refresh_time address_verify_relay_transport
        address_verify_relayhost address_verify_sender address_verify_sender_dependent_default_transport_maps
        address_verify_sender_dependent_relayhost_maps address_verify_sender_ttl address_verify_service_name
        address_verify_transport_maps address_verify_virtual_transport allow_min_user allow_srv_lookup_fallback
        allow_untrusted_routing alternate_config_directories anvil_status_update_time application_event_drain_time
        authorized_verp_clients backwards_bounce_logfile_compatibility berkeley_db_create_buffer_size
        berkeley_db_read_buffer_size best_mx_transport body_checks_size_limit bounce_service_name canonical_classes
        cleanup_replace_stray_cr_lf cleanup_service_name confirm_delay_cleared connection_cache_protocol_timeout
        connection_cache_service_name connection_cache_status_update_time connection_cache_ttl_limit
        daemon_table_open_error_is_fatal daemon_timeout debug_peer_level debug_peer_list debugger_command
        default_delivery_slot_cost default_delivery_slot_discount default_delivery_slot_loan default_delivery_status_filter
        default_destination_concurrency_failed_cohort_limit default_destination_concurrency_negative_feedback
        default_destination_concurrency_positive_feedback default_extra_recipient_limit default_filter_nexthop
        default_minimum_delivery_slots default_recipient_limit default_recipient_refill_delay default_recipient_refill_limit
        default_transport_rate_delay default_verp_delimiters defer_service_name delay_logging_resolution_limit
        destination_concurrency_feedback_debug detect_8bit_encoding_header disable_mime_input_processing
        disable_mime_output_conversion disable_verp_bounces dns_ncache_ttl_fix_enable dnsbl_reply_map dnsblog_reply_delay
        dnsblog_service_name dnssec_probe dont_remove empty_address_default_transport_maps_lookup_key
        empty_address_local_login_sender_maps_lookup_key empty_address_recipient empty_address_relayhost_maps_lookup_key
        enable_idna2003_compatibility enable_threaded_bounces error_service_name execution_directory_expansion_filter
        fallback_relay fallback_transport_maps fast_flush_purge_time fast_flush_refresh_time fault_injection_code
        flush_service_name force_mime_input_conversion fork_attempts fork_delay forward_expansion_filter frozen_delivered_to
        header_address_token_limit header_from_format helpful_warnings html_directory ignore_srv_lookup_error
        info_log_address_format internal_mail_filter_classes ipc_idle ipc_timeout ipc_ttl known_tcp_ports lmdb_map_size
        lmtp_address_preference lmtp_address_verify_target lmtp_assume_final lmtp_balance_inet_protocols lmtp_bind_address
        lmtp_bind_address6 lmtp_bind_address_enforce lmtp_body_checks lmtp_cname_overrides_servername lmtp_connect_timeout
        lmtp_connection_cache_destinations lmtp_connection_cache_on_demand lmtp_connection_cache_time_limit
        lmtp_connection_reuse_count_limit lmtp_connection_reuse_time_limit lmtp_data_done_timeout lmtp_data_init_timeout
        lmtp_data_xfer_timeout lmtp_defer_if_no_mx_address_found lmtp_delivery_status_filter
        lmtp_discard_lhlo_keyword_address_maps lmtp_discard_lhlo_keywords lmtp_dns_reply_filter lmtp_dns_resolver_options
        lmtp_dns_support_level lmtp_enforce_tls lmtp_fallback_relay lmtp_generic_maps lmtp_header_checks lmtp_host_lookup
        lmtp_lhlo_name lmtp_lhlo_timeout lmtp_line_length_limit lmtp_mail_timeout lmtp_mime_header_checks lmtp_min_data_rate
        lmtp_mx_address_limit lmtp_mx_session_limit lmtp_nested_header_checks lmtp_per_record_deadline lmtp_per_request_deadline
        lmtp_pix_workaround_delay_time lmtp_pix_workaround_maps lmtp_pix_workaround_threshold_time lmtp_pix_workarounds
        lmtp_quit_timeout lmtp_quote_rfc821_envelope lmtp_randomize_addresses lmtp_rcpt_timeout lmtp_reply_filter
        lmtp_rset_timeout lmtp_sasl_auth_cache_name lmtp_sasl_auth_cache_time lmtp_sasl_auth_enable lmtp_sasl_auth_soft_bounce
        lmtp_sasl_mechanism_filter lmtp_sasl_password_maps lmtp_sasl_path lmtp_sasl_security_options
        lmtp_sasl_tls_security_options lmtp_sasl_tls_verified_security_options lmtp_sasl_type lmtp_send_dummy_mail_auth
        lmtp_send_xforward_command lmtp_sender_dependent_authentication lmtp_skip_5xx_greeting lmtp_skip_quit_response
        lmtp_starttls_timeout lmtp_tcp_port lmtp_tls_CAfile lmtp_tls_CApath lmtp_tls_block_early_mail_reply lmtp_tls_cert_file
        lmtp_tls_chain_files lmtp_tls_ciphers lmtp_tls_connection_reuse lmtp_tls_dcert_file lmtp_tls_dkey_file
        lmtp_tls_eccert_file lmtp_tls_eckey_file lmtp_tls_enforce_peername lmtp_tls_exclude_ciphers
        lmtp_tls_fingerprint_cert_match lmtp_tls_fingerprint_digest lmtp_tls_force_insecure_host_tlsa_lookup lmtp_tls_key_file
        lmtp_tls_loglevel lmtp_tls_mandatory_ciphers lmtp_tls_mandatory_exclude_ciphers lmtp_tls_mandatory_protocols
        lmtp_tls_note_starttls_offer lmtp_tls_per_site lmtp_tls_policy_maps lmtp_tls_protocols lmtp_tls_scert_verifydepth
        lmtp_tls_secure_cert_match lmtp_tls_security_level lmtp_tls_servername lmtp_tls_session_cache_database
        lmtp_tls_session_cache_timeout lmtp_tls_trust_anchor_file lmtp_tls_verify_cert_match lmtp_tls_wrappermode lmtp_use_tls
        lmtp_xforward_timeout local_delivery_status_filter local_login_sender_maps mail_release_date maillog_file_compressor
        maillog_file_prefixes maillog_file_rotate_suffix manpage_directory maps_rbl_domains masquerade_classes
        masquerade_exceptions master_service_disable max_idle max_use message_reject_characters message_strip_characters
        meta_directory milter_command_timeout milter_connect_macros milter_connect_timeout milter_content_timeout
        milter_data_macros milter_end_of_data_macros milter_end_of_header_macros milter_header_checks milter_helo_macros
        milter_macro_daemon_name milter_macro_defaults milter_macro_v milter_mail_macros milter_rcpt_macros
        milter_unknown_command_macros mime_boundary_length_limit mime_header_checks mime_nesting_limit
        multi_instance_directories multi_instance_enable multi_instance_group multi_instance_wrapper mysql_charset
        nested_header_checks non_empty_end_of_header_action nullmx_reject_code openssl_path pickup_service_name
        pipe_delivery_status_filter postlog_service_name postlogd_watchdog_timeout postmulti_control_commands
        postmulti_start_commands postmulti_stop_commands postscreen_access_list postscreen_allowlist_interfaces
        postscreen_bare_newline_action postscreen_bare_newline_enable postscreen_bare_newline_ttl postscreen_blacklist_action
        postscreen_cache_cleanup_interval postscreen_cache_map postscreen_cache_retention_time
        postscreen_client_connection_count_limit postscreen_command_count_limit postscreen_command_filter
        postscreen_command_time_limit postscreen_denylist_action postscreen_disable_vrfy_command
        postscreen_discard_ehlo_keyword_address_maps postscreen_discard_ehlo_keywords postscreen_dnsbl_action
        postscreen_dnsbl_allowlist_threshold postscreen_dnsbl_max_ttl postscreen_dnsbl_min_ttl postscreen_dnsbl_reply_map
        postscreen_dnsbl_sites postscreen_dnsbl_threshold postscreen_dnsbl_timeout postscreen_enforce_tls
        postscreen_expansion_filter postscreen_forbidden_commands postscreen_greet_action postscreen_greet_banner
        postscreen_greet_ttl postscreen_greet_wait postscreen_helo_required postscreen_non_smtp_command_action
        postscreen_non_smtp_command_enable postscreen_non_smtp_command_ttl postscreen_pipelining_action
        postscreen_pipelining_enable postscreen_pipelining_ttl postscreen_post_queue_limit postscreen_pre_queue_limit
        postscreen_reject_footer postscreen_reject_footer_maps postscreen_tls_security_level postscreen_upstream_proxy_protocol
        postscreen_upstream_proxy_timeout postscreen_use_tls postscreen_watchdog_timeout postscreen_whitelist_interfaces
        process_id process_id_directory process_name propagate_unmatched_extensions proxy_read_maps proxy_write_maps
        proxymap_service_name proxywrite_service_name qmgr_clog_warn_time qmgr_daemon_timeout qmgr_fudge_factor qmgr_ipc_timeout
        qmgr_message_recipient_minimum qmqpd_authorized_clients qmqpd_client_port_logging qmqpd_error_delay qmqpd_timeout
        queue_file_attribute_count_limit queue_service_name rbl_reply_maps readme_directory receive_override_options
        recipient_canonical_classes relay_clientcerts relocated_prefix_enable remote_header_rewrite_domain reset_owner_alias
        resolve_dequoted_address resolve_null_domain resolve_numeric_domain respectful_logging rewrite_service_name
        sample_directory sender_canonical_classes service_name service_throttle_time shlib_directory showq_service_name
        smtp_address_verify_target smtp_always_send_ehlo smtp_balance_inet_protocols smtp_bind_address_enforce smtp_body_checks
        smtp_cname_overrides_servername smtp_connection_cache_destinations smtp_connection_cache_on_demand
        smtp_connection_cache_time_limit smtp_connection_reuse_count_limit smtp_connection_reuse_time_limit
        smtp_defer_if_no_mx_address_found smtp_delivery_status_filter smtp_discard_ehlo_keyword_address_maps
        smtp_discard_ehlo_keywords smtp_dns_reply_filter smtp_dns_resolver_options smtp_dns_support_level smtp_header_checks
        smtp_mime_header_checks smtp_min_data_rate smtp_nested_header_checks smtp_never_send_ehlo smtp_per_record_deadline
        smtp_per_request_deadline smtp_pix_workaround_delay_time smtp_pix_workaround_maps smtp_pix_workaround_threshold_time
        smtp_pix_workarounds smtp_quote_rfc821_envelope smtp_reply_filter smtp_rset_timeout smtp_sasl_password_result_delimiter
        smtp_send_xforward_command smtp_skip_quit_response smtp_tls_block_early_mail_reply smtp_tls_chain_files smtp_tls_ciphers
        smtp_tls_connection_reuse smtp_tls_dane_insecure_mx_policy smtp_tls_dcert_file smtp_tls_dkey_file smtp_tls_eccert_file
        smtp_tls_eckey_file smtp_tls_enable_rpk smtp_tls_enforce_peername smtp_tls_enforce_sts_mx_patterns
        smtp_tls_exclude_ciphers smtp_tls_fingerprint_cert_match smtp_tls_fingerprint_digest
        smtp_tls_force_insecure_host_tlsa_lookup smtp_tls_mandatory_ciphers smtp_tls_mandatory_exclude_ciphers smtp_tls_per_site
        smtp_tls_scert_verifydepth smtp_tls_secure_cert_match smtp_tls_servername smtp_tls_session_cache_timeout
        smtp_tls_trust_anchor_file smtp_tls_verify_cert_match smtp_tlsrpt_enable smtp_tlsrpt_socket_name smtp_xforward_timeout
        smtpd_authorized_verp_clients smtpd_client_connection_limit_exceptions smtpd_command_filter
        smtpd_delay_open_until_valid_rcpt smtpd_dns_reply_filter smtpd_expansion_filter smtpd_history_flush_threshold
        smtpd_milter_maps smtpd_min_data_rate smtpd_per_record_deadline smtpd_per_request_deadline smtpd_policy_service_max_idle
        smtpd_policy_service_max_ttl smtpd_policy_service_policy_context smtpd_policy_service_request_limit
        smtpd_policy_service_retry_delay smtpd_policy_service_try_limit smtpd_proxy_ehlo smtpd_proxy_filter smtpd_proxy_options
        smtpd_proxy_timeout smtpd_reject_filter_maps smtpd_reject_footer_maps smtpd_tls_always_issue_session_ids
        smtpd_tls_ccert_verifydepth smtpd_tls_dcert_file smtpd_tls_dh512_param_file smtpd_tls_dkey_file smtpd_tls_eccert_file
        smtpd_tls_eckey_file smtpd_tls_eecdh_grade smtpd_tls_enable_rpk smtpd_tls_fingerprint_digest
        smtpd_tls_mandatory_exclude_ciphers smtpd_tls_session_cache_timeout smtpd_upstream_proxy_timeout
        smtputf8_autodetect_classes strict_7bit_headers strict_8bitmime strict_8bitmime_body strict_mime_encoding_domain
        strict_smtputf8 sun_mailtool_compatibility tcp_windowsize tls_append_default_CA tls_config_file tls_config_name
        tls_daemon_random_bytes tls_dane_digests tls_disable_workarounds tls_eecdh_auto_curves tls_eecdh_strong_curve
        tls_eecdh_ultra_curve tls_export_cipherlist tls_fast_shutdown_enable tls_high_cipherlist
        tls_legacy_public_key_fingerprints tls_low_cipherlist tls_medium_cipherlist tls_null_cipherlist tls_preempt_cipherlist
        tls_random_bytes tls_random_exchange_name tls_random_prng_update_period tls_random_reseed_period tls_random_source
        tls_session_ticket_cipher tls_ssl_options tls_wildcard_matches_multiple_labels tlsmgr_service_name
        tlsproxy_client_CAfile tlsproxy_client_CApath tlsproxy_client_cert_file tlsproxy_client_chain_files
        tlsproxy_client_dcert_file tlsproxy_client_dkey_file tlsproxy_client_eccert_file tlsproxy_client_eckey_file
        tlsproxy_client_enforce_tls tlsproxy_client_fingerprint_digest tlsproxy_client_key_file tlsproxy_client_level
        tlsproxy_client_loglevel tlsproxy_client_loglevel_parameter tlsproxy_client_per_site tlsproxy_client_policy
        tlsproxy_client_policy_maps tlsproxy_client_scert_verifydepth tlsproxy_client_security_level tlsproxy_client_use_tls
        tlsproxy_enforce_tls tlsproxy_service_name tlsproxy_tls_CAfile tlsproxy_tls_CApath tlsproxy_tls_always_issue_session_ids
        tlsproxy_tls_ask_ccert tlsproxy_tls_ccert_verifydepth tlsproxy_tls_cert_file tlsproxy_tls_chain_files
        tlsproxy_tls_ciphers tlsproxy_tls_dcert_file tlsproxy_tls_dh1024_param_file tlsproxy_tls_dh512_param_file
        tlsproxy_tls_dkey_file tlsproxy_tls_eccert_file tlsproxy_tls_eckey_file tlsproxy_tls_eecdh_grade
        tlsproxy_tls_exclude_ciphers tlsproxy_tls_fingerprint_digest tlsproxy_tls_key_file tlsproxy_tls_loglevel
        tlsproxy_tls_mandatory_ciphers tlsproxy_tls_mandatory_exclude_ciphers tlsproxy_tls_mandatory_protocols
        tlsproxy_tls_protocols tlsproxy_tls_req_ccert tlsproxy_tls_security_level tlsproxy_use_tls tlsproxy_watchdog_timeout
        tlsrpt_enable trace_service_name trigger_timeout unknown_address_tempfail_action unknown_helo_hostname_tempfail_action
        unverified_recipient_defer_code unverified_recipient_reject_code unverified_recipient_reject_reason
        unverified_recipient_tempfail_action unverified_sender_defer_code unverified_sender_reject_code
        unverified_sender_reject_reason unverified_sender_tempfail_action use_srv_lookup verp_delimiter_filter
        virtual_alias_address_length_limit virtual_delivery_status_filter virtual_mailbox_lock virtual_maps
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string name) => _names.Contains(name) || IsOfTransport(name);

    /// <summary>Parameters that exist once for each transport of master.cf, whatever its name.</summary>
    static bool IsOfTransport(string name) => _ofTransport.Any(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal));

    static readonly string[] _ofTransport =
    [
        "_destination_concurrency_limit", "_destination_recipient_limit", "_destination_rate_delay", "_initial_destination_concurrency",
        "_destination_concurrency_failed_cohort_limit", "_destination_concurrency_positive_feedback", "_transport_rate_delay",
        "_destination_concurrency_negative_feedback", "_delivery_slot_cost", "_delivery_slot_loan", "_delivery_slot_discount",
        "_minimum_delivery_slots", "_recipient_limit", "_recipient_refill_limit", "_recipient_refill_delay", "_time_limit",
    ];
}
