// @generated from the migrated database by a test (UPDATE_SCHEMA=1 cargo test -p satupintu-tests schema_rs), which also compares the two.

diesel::table! {
    access_log (id) {
        id -> Uuid,
        at -> Timestamptz,
        actor_kind -> Text,
        actor_id -> Uuid,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Uuid>,
        household_id -> Nullable<Uuid>,
        purpose -> Nullable<Text>,
        fields -> Array<Text>,
        request_id -> Nullable<Text>,
        through_glass -> Bool,
    }
}

diesel::table! {
    accounts (id) {
        id -> Uuid,
        username -> Text,
        display_name -> Text,
        email -> Nullable<Text>,
        password_hash -> Text,
        password_changed_at -> Timestamptz,
        must_change_password -> Bool,
        totp_secret -> Nullable<Bytea>,
        totp_enabled -> Bool,
        totp_last_step -> Nullable<Int8>,
        status -> Text,
        str_number -> Nullable<Text>,
        str_valid_until -> Nullable<Date>,
        person_id -> Nullable<Uuid>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    allocation_left_out (id) {
        id -> Uuid,
        plan_id -> Uuid,
        problem_id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        region_code -> Text,
        need_code -> Text,
        severity -> Text,
        tier -> Int2,
        rank -> Int4,
        score -> Int8,
        points -> Array<Int2>,
        reason -> Text,
        program_id -> Nullable<Uuid>,
        candidates -> Array<Uuid>,
        promoted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    allocation_lines (id) {
        id -> Uuid,
        plan_id -> Uuid,
        problem_id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        region_code -> Text,
        need_code -> Text,
        severity -> Text,
        program_id -> Uuid,
        cycle_id -> Uuid,
        funding_source_id -> Nullable<Uuid>,
        amount_idr -> Int8,
        tier -> Int2,
        rank -> Int4,
        score -> Int8,
        points -> Array<Int2>,
        status -> Text,
        referral_id -> Nullable<Uuid>,
        skipped_code -> Nullable<Text>,
        replaces_id -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    allocation_plans (id) {
        id -> Uuid,
        name -> Text,
        policy -> Text,
        sensitivity -> Text,
        what_if -> Bool,
        parameters -> Jsonb,
        seed -> Text,
        seed_commitment -> Text,
        status -> Text,
        operation_id -> Uuid,
        as_of -> Nullable<Timestamptz>,
        input_sha256 -> Nullable<Text>,
        result_sha256 -> Nullable<Text>,
        result -> Nullable<Jsonb>,
        solved_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        proposed_by -> Nullable<Uuid>,
        proposed_at -> Nullable<Timestamptz>,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        executed_by -> Nullable<Uuid>,
        executed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        error -> Nullable<Jsonb>,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assessment_problems (assessment_id, problem_id) {
        assessment_id -> Uuid,
        problem_id -> Uuid,
        effect -> Text,
    }
}

diesel::table! {
    assessments (id) {
        id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        case_id -> Nullable<Uuid>,
        problem_id -> Nullable<Uuid>,
        instrument_id -> Uuid,
        kind -> Text,
        status -> Text,
        sensitivity -> Text,
        answers -> Jsonb,
        result -> Jsonb,
        conclusion -> Nullable<Text>,
        recommended -> Jsonb,
        author_id -> Uuid,
        str_number -> Nullable<Text>,
        str_valid_until -> Nullable<Date>,
        signed_at -> Nullable<Timestamptz>,
        countersigned_by -> Nullable<Uuid>,
        countersigned_at -> Nullable<Timestamptz>,
        return_reason -> Nullable<Text>,
        amends_id -> Nullable<Uuid>,
        revision -> Int4,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assignments (id) {
        id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        account_id -> Uuid,
        duty -> Text,
        from_at -> Timestamptz,
        to_at -> Nullable<Timestamptz>,
        note -> Nullable<Text>,
        until_on -> Nullable<Date>,
        assigned_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Uuid,
        at -> Timestamptz,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Uuid>,
        household_id -> Nullable<Uuid>,
        sensitivity -> Text,
        purpose -> Nullable<Text>,
        reason -> Nullable<Text>,
        request_id -> Nullable<Text>,
        before_commitment -> Nullable<Bytea>,
        after_commitment -> Nullable<Bytea>,
    }
}

diesel::table! {
    audit_values (event_id) {
        event_id -> Uuid,
        subject_id -> Uuid,
        salt -> Bytea,
        sealed -> Bytea,
    }
}

diesel::table! {
    awards (id) {
        id -> Uuid,
        referral_id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        cycle_id -> Uuid,
        status -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    break_glass (id) {
        id -> Uuid,
        account_id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        household_id -> Uuid,
        reason -> Text,
        opened_at -> Timestamptz,
        expires_at -> Timestamptz,
        finding -> Nullable<Text>,
        review_note -> Nullable<Text>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    calendar_holidays (calendar_id, date) {
        calendar_id -> Uuid,
        date -> Date,
        name -> Jsonb,
        kind -> Text,
        decreed -> Bool,
        source -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    calendars (id) {
        id -> Uuid,
        code -> Text,
        name -> Jsonb,
        working_weekdays -> Array<Int4>,
        is_default -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    case_events (id) {
        id -> Uuid,
        case_id -> Uuid,
        event -> Text,
        from_stage -> Nullable<Text>,
        to_stage -> Nullable<Text>,
        account_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    case_problems (case_id, problem_id) {
        case_id -> Uuid,
        problem_id -> Uuid,
    }
}

diesel::table! {
    case_visits (id) {
        id -> Uuid,
        case_id -> Uuid,
        kind -> Text,
        planned_on -> Date,
        account_id -> Uuid,
        status -> Text,
        done_on -> Nullable<Date>,
        purpose -> Nullable<Text>,
        note -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    cases (id) {
        id -> Uuid,
        household_id -> Uuid,
        stage -> Text,
        stage_before -> Nullable<Text>,
        stage_since -> Timestamptz,
        emergency -> Bool,
        sensitivity -> Text,
        weight -> Int2,
        plan -> Jsonb,
        plan_agreed_on -> Nullable<Date>,
        next_action_on -> Nullable<Date>,
        assessment_due_at -> Nullable<Timestamptz>,
        outcome_code -> Nullable<Text>,
        reason -> Nullable<Text>,
        opened_by -> Nullable<Uuid>,
        opened_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        reopened -> Int4,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    claims (id) {
        id -> Uuid,
        award_id -> Uuid,
        overlap_class -> Text,
        unit_kind -> Text,
        unit_id -> Uuid,
        period -> Daterange,
        active -> Bool,
        overridden_by -> Nullable<Uuid>,
        override_reason -> Nullable<Text>,
        sensitivity -> Text,
        overridden_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        review_finding -> Nullable<Text>,
        review_note -> Nullable<Text>,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        client_id -> Text,
        secret_hash -> Text,
        name -> Text,
        organization_id -> Nullable<Uuid>,
        scopes -> Array<Text>,
        status -> Text,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    code_entries (list_slug, code) {
        list_slug -> Text,
        code -> Text,
        name -> Jsonb,
        sensitivity -> Text,
        sort -> Int4,
        attrs -> Jsonb,
        since_version -> Int4,
        retired_in_version -> Nullable<Int4>,
    }
}

diesel::table! {
    code_lists (slug) {
        slug -> Text,
        name -> Jsonb,
        version -> Int4,
        source -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    code_maps (source, version, variable, source_code) {
        source -> Text,
        version -> Text,
        variable -> Text,
        source_code -> Text,
        list_slug -> Text,
        code -> Text,
    }
}

diesel::table! {
    coordinator_tasks (id) {
        id -> Uuid,
        kind -> Text,
        household_id -> Nullable<Uuid>,
        individual_id -> Nullable<Uuid>,
        other_individual_id -> Nullable<Uuid>,
        status -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    corrections (id) {
        id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        fact -> Text,
        recorded_value -> Nullable<Text>,
        claimed_value -> Text,
        explanation -> Text,
        status -> Text,
        submitted_by -> Uuid,
        submitted_at -> Timestamptz,
        examined_by -> Nullable<Uuid>,
        examined_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    decision_answers (id) {
        id -> Uuid,
        decision_id -> Uuid,
        said -> Text,
        channel -> Text,
        recorded_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    decisions (id) {
        id -> Uuid,
        effect -> Text,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        problem_id -> Nullable<Uuid>,
        referral_id -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        sensitivity -> Text,
        reason_code -> Text,
        reasons -> Text,
        legal_basis -> Nullable<Text>,
        status -> Text,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        notice_channel -> Nullable<Text>,
        notified_by -> Nullable<Uuid>,
        notified_at -> Nullable<Timestamptz>,
        calendar_id -> Nullable<Uuid>,
        due_from -> Nullable<Date>,
        due_days -> Nullable<Int4>,
        due_on -> Nullable<Date>,
        effective_on -> Nullable<Date>,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        in_effect_at -> Nullable<Timestamptz>,
        before_status -> Nullable<Text>,
        ended_reason -> Nullable<Text>,
        reversed_by -> Nullable<Uuid>,
        reversed_at -> Nullable<Timestamptz>,
        restored_referral_id -> Nullable<Uuid>,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Uuid,
        referral_id -> Uuid,
        planned_on -> Date,
        amount_idr -> Int8,
        quantity -> Nullable<Int4>,
        unit -> Nullable<Text>,
        channel -> Text,
        payee_individual_id -> Nullable<Uuid>,
        payee_name -> Nullable<Text>,
        status -> Text,
        attention -> Nullable<Text>,
        decree -> Nullable<Text>,
        proof_kind -> Nullable<Text>,
        proof_reference -> Nullable<Text>,
        proof_evidence_id -> Nullable<Uuid>,
        received_on -> Nullable<Date>,
        account_reference -> Nullable<Text>,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        planned_by -> Nullable<Uuid>,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        received_by -> Nullable<Uuid>,
        received_at -> Nullable<Timestamptz>,
        confirmation -> Nullable<Text>,
        confirmation_note -> Nullable<Text>,
        confirmed_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    disclosures (id) {
        id -> Uuid,
        referral_id -> Uuid,
        organization_id -> Uuid,
        household_id -> Uuid,
        fields -> Array<Text>,
        basis -> Text,
        agreement_number -> Nullable<Text>,
        until_on -> Nullable<Date>,
        disclosed_by -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    duplicate_candidates (id) {
        id -> Uuid,
        kind -> Text,
        a_id -> Uuid,
        b_id -> Uuid,
        score -> Float8,
        comparison -> Jsonb,
        cluster_id -> Nullable<Uuid>,
        cluster_size -> Int4,
        status -> Text,
        run_id -> Nullable<Uuid>,
        entered_by -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        later_until -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    duplicate_changes (seq) {
        seq -> Int8,
        household_id -> Nullable<Uuid>,
        after_id -> Nullable<Uuid>,
        first -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    duplicate_merges (id) {
        id -> Uuid,
        candidate_id -> Uuid,
        survivor_id -> Uuid,
        merged_id -> Uuid,
        take -> Array<Text>,
        reason -> Text,
        override_reason -> Nullable<Text>,
        status -> Text,
        second_word -> Bool,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<Uuid>,
        undone_at -> Nullable<Timestamptz>,
        undo_reason -> Nullable<Text>,
        kept -> Jsonb,
    }
}

diesel::table! {
    duplicate_moves (merge_id, seq) {
        merge_id -> Uuid,
        seq -> Int4,
        kind -> Text,
        row_id -> Uuid,
        before -> Jsonb,
        after -> Jsonb,
    }
}

diesel::table! {
    duplicate_runs (id) {
        id -> Uuid,
        operation_id -> Uuid,
        cause -> Text,
        threshold -> Float8,
        people -> Int4,
        compared -> Int8,
        found -> Int4,
        added -> Int4,
        gone -> Int4,
        clusters -> Int4,
        largest_cluster -> Int4,
        model -> Nullable<Jsonb>,
        load_ms -> Int4,
        link_ms -> Int4,
        store_ms -> Int4,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    evidence (id) {
        id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        household_id -> Uuid,
        sha256 -> Text,
        media_type -> Text,
        bytes -> Int8,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
        name -> Text,
        caption -> Nullable<Text>,
        uploaded_by -> Uuid,
        created_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
        removed_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    exports (id) {
        id -> Uuid,
        resource -> Text,
        format -> Text,
        filter -> Jsonb,
        operation_id -> Uuid,
        row_count -> Nullable<Int8>,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    field_origins (subject_id, field) {
        subject_id -> Uuid,
        field -> Text,
        source -> Text,
        period -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    funding_proposals (id) {
        id -> Uuid,
        funding_source_id -> Uuid,
        kind -> Text,
        amount -> Nullable<Int8>,
        ask -> Jsonb,
        sensitivity -> Text,
        status -> Text,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
    }
}

diesel::table! {
    funding_sources (id) {
        id -> Uuid,
        code -> Text,
        kind -> Text,
        organization_id -> Uuid,
        fiscal_year -> Int4,
        name -> Text,
        unit -> Text,
        restrictions -> Jsonb,
        sensitivity -> Text,
        status -> Text,
        created_by -> Nullable<Uuid>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        closed_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    grants (id) {
        id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        scope_kind -> Text,
        scope_ref -> Nullable<Text>,
        duties -> Array<Text>,
        from_date -> Date,
        to_date -> Nullable<Date>,
        status -> Text,
        proposed_by -> Nullable<Uuid>,
        approved_by -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    household_details (household_id) {
        household_id -> Uuid,
        registered_address -> Nullable<Text>,
        registered_rt -> Nullable<Text>,
        registered_rw -> Nullable<Text>,
        registered_region_code -> Nullable<Text>,
        street -> Nullable<Text>,
        rt -> Nullable<Text>,
        rw -> Nullable<Text>,
        lat -> Nullable<Float8>,
        lng -> Nullable<Float8>,
        housing -> Jsonb,
        assets -> Jsonb,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    households (id) {
        id -> Uuid,
        kind -> Text,
        status -> Text,
        merged_into -> Nullable<Uuid>,
        region_code -> Text,
        district_code -> Text,
        dwelling_id -> Nullable<Uuid>,
        family_card_number -> Nullable<Text>,
        head_id -> Nullable<Uuid>,
        head_name -> Nullable<Text>,
        declared_members -> Nullable<Int4>,
        members_count -> Int4,
        members_complete -> Bool,
        decile -> Nullable<Int2>,
        decile_source -> Nullable<Text>,
        source -> Text,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (principal_id, key) {
        principal_id -> Uuid,
        key -> Text,
        operation -> Text,
        request_hash -> Bytea,
        status -> Nullable<Int4>,
        headers -> Nullable<Jsonb>,
        body -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    identifiers (id) {
        id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        kind -> Text,
        value -> Text,
        source -> Text,
        status -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_changes (import_id, subject_kind, subject_id) {
        import_id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        version_after -> Int8,
        before -> Jsonb,
    }
}

diesel::table! {
    import_diffs (import_id, id) {
        import_id -> Uuid,
        id -> Int8,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Uuid>,
        household_id -> Nullable<Uuid>,
        region_code -> Text,
        file -> Nullable<Text>,
        row_no -> Nullable<Int4>,
        name -> Nullable<Text>,
        fields -> Jsonb,
    }
}

diesel::table! {
    import_issues (import_id, id) {
        import_id -> Uuid,
        id -> Int8,
        file -> Text,
        row_no -> Int4,
        column_name -> Nullable<Text>,
        code -> Text,
        verdict -> Text,
        value_masked -> Nullable<Text>,
        region_code -> Nullable<Text>,
        city_only -> Bool,
    }
}

diesel::table! {
    import_profiles (id) {
        id -> Uuid,
        name -> Text,
        profile_version -> Int4,
        origin -> Text,
        label -> Jsonb,
        definition -> Jsonb,
        status -> Text,
        drafted_by -> Nullable<Uuid>,
        activated_by -> Nullable<Uuid>,
        activated_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    import_rejected (import_id, file, row_no) {
        import_id -> Uuid,
        file -> Text,
        row_no -> Int4,
        fields -> Array<Text>,
    }
}

diesel::table! {
    imports (id) {
        id -> Uuid,
        profile -> Text,
        period -> Text,
        status -> Text,
        operation_id -> Nullable<Uuid>,
        files -> Jsonb,
        counts -> Jsonb,
        error -> Nullable<Jsonb>,
        scope_regions -> Nullable<Array<Text>>,
        created_by -> Nullable<Uuid>,
        reviewed_by -> Nullable<Uuid>,
        applied_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        applied_at -> Nullable<Timestamptz>,
        applied -> Nullable<Jsonb>,
        idempotency_hash -> Nullable<Bytea>,
        changes -> Nullable<Jsonb>,
        selection -> Nullable<Jsonb>,
        profile_version -> Int4,
        sensitive -> Bool,
        list -> Nullable<Text>,
    }
}

diesel::table! {
    individual_keys (individual_id) {
        individual_id -> Uuid,
        keys -> Array<Int4>,
        digest -> Int8,
    }
}

diesel::table! {
    individuals (id) {
        id -> Uuid,
        household_id -> Uuid,
        name -> Text,
        name_key -> Text,
        nik -> Nullable<Text>,
        nik_status -> Nullable<Text>,
        sex -> Nullable<Text>,
        birth_date -> Nullable<Date>,
        birth_date_precision -> Text,
        mother_name -> Nullable<Text>,
        relation -> Nullable<Text>,
        marital_status -> Nullable<Text>,
        phone -> Nullable<Text>,
        life_status -> Text,
        deceased_on -> Nullable<Date>,
        facts -> Jsonb,
        accommodations -> Jsonb,
        joined_on -> Nullable<Date>,
        merged_into -> Nullable<Uuid>,
        source -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    installation (id) {
        id -> Bool,
        kind -> Text,
        seed -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    instruments (id) {
        id -> Uuid,
        code -> Text,
        revision -> Int4,
        name -> Jsonb,
        description -> Jsonb,
        subject_kind -> Text,
        sensitivity -> Text,
        definition -> Jsonb,
        source -> Nullable<Text>,
        status -> Text,
        drafted_by -> Nullable<Uuid>,
        activated_by -> Nullable<Uuid>,
        activated_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ledger_accounts (id) {
        id -> Uuid,
        funding_source_id -> Uuid,
        cycle_id -> Nullable<Uuid>,
        bucket -> Text,
        unit -> Text,
        balance -> Int8,
    }
}

diesel::table! {
    ledger_entries (transaction_id, line) {
        transaction_id -> Uuid,
        line -> Int2,
        account_id -> Uuid,
        amount -> Int8,
    }
}

diesel::table! {
    ledger_months (account_id, month) {
        account_id -> Uuid,
        month -> Date,
        gained -> Int8,
        lost -> Int8,
    }
}

diesel::table! {
    ledger_transactions (id) {
        id -> Uuid,
        kind -> Text,
        funding_source_id -> Uuid,
        cycle_id -> Nullable<Uuid>,
        referral_id -> Nullable<Uuid>,
        amount -> Int8,
        unit -> Text,
        reference -> Nullable<Text>,
        reason -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        at -> Timestamptz,
        transfer_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    legal_holds (id) {
        id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        reason -> Text,
        placed_by -> Uuid,
        placed_at -> Timestamptz,
        lifted_by -> Nullable<Uuid>,
        lifted_at -> Nullable<Timestamptz>,
        lift_reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    letter_check_failures (id) {
        id -> Int8,
        key_hash -> Bytea,
        at -> Timestamptz,
    }
}

diesel::table! {
    letter_revocations (letter_id) {
        letter_id -> Uuid,
        reason -> Text,
        revoked_by -> Nullable<Uuid>,
        revoked_at -> Timestamptz,
    }
}

diesel::table! {
    letter_series (year, service_code, sensitivity) {
        year -> Int4,
        service_code -> Text,
        sensitivity -> Text,
        last -> Int4,
    }
}

diesel::table! {
    letter_template_activations (id) {
        id -> Uuid,
        template_id -> Uuid,
        service_code -> Text,
        serial -> Int4,
        written_by -> Nullable<Uuid>,
        activated_by -> Nullable<Uuid>,
        activated_at -> Timestamptz,
    }
}

diesel::table! {
    letter_templates (id) {
        id -> Uuid,
        service_code -> Text,
        version -> Int4,
        title -> Text,
        body -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    letters (id) {
        id -> Uuid,
        request_id -> Uuid,
        template_id -> Uuid,
        service_code -> Text,
        sensitivity -> Text,
        year -> Int4,
        number -> Int4,
        number_text -> Text,
        title -> Text,
        body -> Text,
        subject_initials -> Text,
        office -> Text,
        signatory_name -> Text,
        signatory_title -> Text,
        issued_by -> Nullable<Uuid>,
        issued_on -> Date,
        issued_at -> Timestamptz,
        code -> Text,
        secret_hash -> Bytea,
        file -> Bytea,
        file_sha256 -> Bytea,
    }
}

diesel::table! {
    login_failures (id) {
        id -> Int8,
        kind -> Text,
        key_hash -> Bytea,
        at -> Timestamptz,
    }
}

diesel::table! {
    mandates (id) {
        id -> Uuid,
        need_code -> Text,
        service_code -> Nullable<Text>,
        organization_id -> Uuid,
        calendar_id -> Uuid,
        sla_days -> Int4,
        emergency_days -> Nullable<Int4>,
        decree -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    match_gaps (region_code, program_number, fact) {
        region_code -> Text,
        program_number -> Int4,
        fact -> Text,
        households -> Int4,
    }
}

diesel::table! {
    match_sets (region_code, program_number) {
        region_code -> Text,
        program_number -> Int4,
        rule_version -> Int4,
        eligible -> Bytea,
        needs_data -> Bytea,
        evaluated_on -> Date,
        evaluated_at -> Timestamptz,
    }
}

diesel::table! {
    match_slots (household_id) {
        household_id -> Uuid,
        region_code -> Text,
        slot -> Int4,
    }
}

diesel::table! {
    matching_changes (seq) {
        seq -> Int8,
        household_id -> Nullable<Uuid>,
        program_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    matching_days (day) {
        day -> Date,
        run_id -> Uuid,
    }
}

diesel::table! {
    matching_runs (id) {
        id -> Uuid,
        operation_id -> Uuid,
        program_id -> Nullable<Uuid>,
        cause -> Text,
        households -> Int4,
        programs -> Int4,
        eligible -> Int8,
        needs_data -> Int8,
        changed -> Int8,
        load_ms -> Int4,
        evaluate_ms -> Int4,
        store_ms -> Int4,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    memberships (id) {
        id -> Uuid,
        household_id -> Uuid,
        individual_id -> Uuid,
        kind -> Text,
        relation -> Nullable<Text>,
        from_date -> Nullable<Date>,
        to_date -> Nullable<Date>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    name_keys (name_key) {
        name_key -> Text,
        uses -> Int4,
    }
}

diesel::table! {
    operations (id) {
        id -> Uuid,
        kind -> Text,
        state -> Text,
        subject_id -> Nullable<Uuid>,
        input -> Jsonb,
        progress_done -> Int8,
        progress_total -> Nullable<Int8>,
        progress_unit -> Text,
        result -> Nullable<Jsonb>,
        error -> Nullable<Jsonb>,
        cancel_requested -> Bool,
        attempts -> Int4,
        claimed_by -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    organizations (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        status -> Text,
        sensitivity -> Text,
        registration_number -> Nullable<Text>,
        registration_expires_on -> Nullable<Date>,
        agreement_number -> Nullable<Text>,
        agreement_until -> Nullable<Date>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        agreement_from -> Nullable<Date>,
        agreement_fields -> Array<Text>,
    }
}

diesel::table! {
    problems (id) {
        id -> Uuid,
        subject_kind -> Text,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        need_code -> Text,
        ppks_code -> Nullable<Text>,
        severity -> Text,
        source -> Text,
        status -> Text,
        sensitivity -> Text,
        description -> Nullable<Text>,
        onset_on -> Nullable<Date>,
        detected_by_rule -> Nullable<Text>,
        reported_by -> Nullable<Uuid>,
        reported_at -> Timestamptz,
        verified_by -> Nullable<Uuid>,
        verified_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        reason_code -> Nullable<Text>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        mandate_id -> Nullable<Uuid>,
        due_from -> Nullable<Date>,
        due_days -> Nullable<Int4>,
        due_on -> Nullable<Date>,
        detected_fact -> Nullable<Text>,
        detected_version -> Nullable<Int2>,
        region_code -> Text,
        district_code -> Text,
    }
}

diesel::table! {
    program_cycles (id) {
        id -> Uuid,
        program_id -> Uuid,
        name -> Text,
        starts_on -> Date,
        ends_on -> Date,
        seat_kind -> Text,
        seats -> Int4,
        seats_taken -> Int4,
        rule_version -> Int4,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    program_rules (program_id, version) {
        program_id -> Uuid,
        version -> Int4,
        rule -> Jsonb,
        note -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    programs (id) {
        id -> Uuid,
        code -> Text,
        name -> Jsonb,
        description -> Jsonb,
        organization_id -> Uuid,
        pillar -> Text,
        needs -> Array<Text>,
        access_mode -> Text,
        benefit_kind -> Text,
        benefit_unit -> Text,
        benefit_value_idr -> Int8,
        benefit_period -> Text,
        overlap_class -> Nullable<Text>,
        claim_unit -> Text,
        areas -> Array<Text>,
        documents -> Array<Text>,
        legal_basis -> Nullable<Text>,
        how_to_apply -> Nullable<Text>,
        rule -> Nullable<Jsonb>,
        sensitivity -> Text,
        status -> Text,
        return_reason -> Nullable<Text>,
        submitted_by -> Nullable<Uuid>,
        published_by -> Nullable<Uuid>,
        created_by -> Nullable<Uuid>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        number -> Int4,
        benefit_tiers -> Jsonb,
    }
}

diesel::table! {
    quality_counts (region_code, subject_kind, source, field) {
        region_code -> Text,
        district_code -> Text,
        subject_kind -> Text,
        source -> Text,
        field -> Text,
        records -> Int8,
        filled -> Int8,
        stale -> Int8,
        conflicts -> Int8,
    }
}

diesel::table! {
    quality_runs (district_code) {
        district_code -> Text,
        seq -> Int8,
        computed_at -> Timestamptz,
    }
}

diesel::table! {
    recipient_lists (id) {
        id -> Uuid,
        program_id -> Uuid,
        area_code -> Text,
        from_date -> Date,
        to_date -> Date,
        source -> Text,
        loaded_at -> Timestamptz,
        loaded_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_answers (event_id) {
        event_id -> Uuid,
        referral_id -> Uuid,
        channel -> Text,
        answered_by -> Text,
        answered_on -> Date,
        evidence_id -> Nullable<Uuid>,
        recorded_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_events (id) {
        id -> Uuid,
        referral_id -> Uuid,
        event -> Text,
        from_status -> Text,
        to_status -> Text,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    referral_links (id) {
        id -> Uuid,
        referral_id -> Uuid,
        medium -> Text,
        secret_hash -> Bytea,
        made_by -> Uuid,
        made_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    referrals (id) {
        id -> Uuid,
        problem_id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        program_id -> Uuid,
        cycle_id -> Uuid,
        funding_source_id -> Nullable<Uuid>,
        to_organization_id -> Uuid,
        status -> Text,
        amount_idr -> Int8,
        rule_version -> Nullable<Int4>,
        sensitivity -> Text,
        note -> Nullable<Text>,
        reason_code -> Nullable<Text>,
        outcome_code -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        scheduled_on -> Nullable<Date>,
        sent_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        completed_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        answered_by -> Nullable<Uuid>,
        demo -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        ending -> Nullable<Text>,
        due_from -> Nullable<Date>,
        due_days -> Nullable<Int4>,
        due_on -> Nullable<Date>,
        reminded_at -> Nullable<Timestamptz>,
        escalated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    regions (code) {
        code -> Text,
        name -> Text,
        level -> Text,
        parent_code -> Nullable<Text>,
        aliases -> Array<Text>,
        lat -> Nullable<Float8>,
        lng -> Nullable<Float8>,
        postal_code -> Nullable<Text>,
        in_city -> Bool,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    registry_changes (seq) {
        seq -> Int8,
        kind -> Text,
        subject_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    registry_events (id) {
        id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        kind -> Text,
        detail -> Jsonb,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    reported_benefits (id) {
        id -> Uuid,
        list_id -> Nullable<Uuid>,
        program_id -> Uuid,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        from_date -> Date,
        to_date -> Date,
        source -> Text,
        reported_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    restricted_facts (id) {
        id -> Uuid,
        individual_id -> Uuid,
        household_id -> Uuid,
        variable -> Text,
        code -> Text,
        source -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    retention_classes (code) {
        code -> Text,
        name -> Jsonb,
        action -> Text,
        after_days -> Int4,
        least_days -> Int4,
        basis -> Text,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    retention_runs (id) {
        id -> Uuid,
        status -> Text,
        operation_id -> Uuid,
        as_of -> Timestamptz,
        report -> Nullable<Jsonb>,
        result -> Nullable<Jsonb>,
        requested_by -> Uuid,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        cancelled_by -> Nullable<Uuid>,
        cancelled_at -> Nullable<Timestamptz>,
        cancel_reason -> Nullable<Text>,
    }
}

diesel::table! {
    saved_views (id) {
        id -> Uuid,
        owner_id -> Uuid,
        screen -> Text,
        name -> Text,
        sharing -> Text,
        filter -> Jsonb,
        sort -> Nullable<Text>,
        column_ids -> Nullable<Array<Text>>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    service_requests (id) {
        id -> Uuid,
        service_code -> Text,
        subject_kind -> Text,
        household_id -> Uuid,
        individual_id -> Nullable<Uuid>,
        problem_id -> Nullable<Uuid>,
        purpose -> Nullable<Text>,
        addressee -> Nullable<Text>,
        documents -> Array<Text>,
        missing -> Array<Text>,
        status -> Text,
        sensitivity -> Text,
        organization_id -> Nullable<Uuid>,
        calendar_id -> Uuid,
        due_from -> Date,
        due_days -> Int4,
        due_on -> Date,
        received_by -> Nullable<Uuid>,
        received_at -> Timestamptz,
        handled_by -> Nullable<Uuid>,
        handled_at -> Nullable<Timestamptz>,
        approved_by -> Nullable<Uuid>,
        approved_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        demo -> Bool,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        algorithm -> Text,
        public_key -> Bytea,
        private_key -> Bytea,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    source_rows (source, part, subject_id, row_hash) {
        source -> Text,
        subject_id -> Uuid,
        part -> Text,
        row_hash -> Int8,
        import_id -> Uuid,
    }
}

diesel::table! {
    source_trust (field, source) {
        field -> Text,
        source -> Text,
        rank -> Int4,
        stale_months -> Nullable<Int4>,
        version -> Int8,
        updated_by -> Nullable<Uuid>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    source_trust_proposals (id) {
        id -> Uuid,
        field -> Text,
        source -> Text,
        rank -> Int4,
        stale_months -> Nullable<Int4>,
        reason -> Text,
        status -> Text,
        proposed_by -> Uuid,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    subject_keys (subject_id) {
        subject_id -> Uuid,
        key -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    waitlist (id) {
        id -> Uuid,
        referral_id -> Uuid,
        cycle_id -> Uuid,
        urgency -> Int2,
        status -> Text,
        skipped_code -> Nullable<Text>,
        tried_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    welfare_snapshots (household_id, source, period) {
        household_id -> Uuid,
        source -> Text,
        period -> Text,
        decile_national -> Nullable<Int2>,
        decile_province -> Nullable<Int2>,
        decile_city -> Nullable<Int2>,
        facts -> Jsonb,
        import_id -> Nullable<Uuid>,
        received_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_log,
    accounts,
    allocation_left_out,
    allocation_lines,
    allocation_plans,
    assessment_problems,
    assessments,
    assignments,
    audit_events,
    audit_values,
    awards,
    break_glass,
    calendar_holidays,
    calendars,
    case_events,
    case_problems,
    case_visits,
    cases,
    claims,
    clients,
    code_entries,
    code_lists,
    code_maps,
    coordinator_tasks,
    corrections,
    decision_answers,
    decisions,
    deliveries,
    disclosures,
    duplicate_candidates,
    duplicate_changes,
    duplicate_merges,
    duplicate_moves,
    duplicate_runs,
    evidence,
    exports,
    field_origins,
    funding_proposals,
    funding_sources,
    grants,
    household_details,
    households,
    idempotency_keys,
    identifiers,
    import_changes,
    import_diffs,
    import_issues,
    import_profiles,
    import_rejected,
    imports,
    individual_keys,
    individuals,
    installation,
    instruments,
    ledger_accounts,
    ledger_entries,
    ledger_months,
    ledger_transactions,
    legal_holds,
    letter_check_failures,
    letter_revocations,
    letter_series,
    letter_template_activations,
    letter_templates,
    letters,
    login_failures,
    mandates,
    match_gaps,
    match_sets,
    match_slots,
    matching_changes,
    matching_days,
    matching_runs,
    memberships,
    name_keys,
    operations,
    organizations,
    problems,
    program_cycles,
    program_rules,
    programs,
    quality_counts,
    quality_runs,
    recipient_lists,
    referral_answers,
    referral_events,
    referral_links,
    referrals,
    refresh_tokens,
    regions,
    registry_changes,
    registry_events,
    reported_benefits,
    restricted_facts,
    retention_classes,
    retention_runs,
    saved_views,
    service_requests,
    sessions,
    signing_keys,
    source_rows,
    source_trust,
    source_trust_proposals,
    subject_keys,
    waitlist,
    welfare_snapshots,
);
