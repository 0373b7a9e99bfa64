"""Which tests hold each sentence of the table in SECURITY.md: by the beginning of the sentence, in its order."""

SECURITY = "tests/test_security.py::"
HELD = {
    '`explore("a*b")`, `%explore`, `draw`': [
        SECURITY + "test_a_formula_is_read_by_a_parser_that_knows_numbers_names_and_operations"
    ],
    "No text of a user, and no name": [
        SECURITY + "test_no_text_of_a_user_is_compiled",
        SECURITY + "test_the_page_asks_nobody_and_runs_no_text",
    ],
    "cgviz compiles functions for speed": [SECURITY + "test_only_these_modules_compile_python_and_none_unpickles"],
    "`check` keeps the source": [
        "tests/teach/test_own_steps.py::test_her_steps_are_kept_and_offered_in_the_next_lesson"
    ],
    "It is run by `use_mine()`": ["tests/teach/test_own_steps.py::test_nothing_of_the_file_runs_unless_she_asks"],
    "It is Python, and runs with her rights": [],  # advice
    "`collect` reads the progress files": ["tests/teach/test_progress.py::test_collect_reads_a_class"],
    "Pipes, devices and files of more than 2 MB": [
        "tests/teach/test_progress.py::test_what_is_no_small_file_is_named_and_holds_up_nobody",
        "tests/teach/test_progress.py::test_a_file_of_a_large_number_of_bytes_is_not_read",
    ],
    "No cell of its sheet begins a formula": [
        "tests/teach/test_progress.py::test_no_cell_of_a_sheet_is_a_formula_whatever_ends_its_cells",
        "tests/test_hostile.py::test_a_hostile_text_stays_where_it_stands",
    ],
    "cgviz never opens a pickle": [
        SECURITY + "test_only_these_modules_compile_python_and_none_unpickles",
        SECURITY + "test_nothing_is_sent_fetched_unpickled_started_or_written",
    ],
    "A Value can be pickled": ["tests/value/test_copying.py::test_a_copied_graph_keeps_working_gradients"],
    "The package asks nobody for anything": [
        SECURITY + "test_nothing_is_sent_fetched_unpickled_started_or_written",
        SECURITY + "test_the_page_asks_nobody_and_runs_no_text",
    ],
    "Nothing is counted or reported": [SECURITY + "test_nothing_is_sent_fetched_unpickled_started_or_written"],
    "Only the set-up": [SECURITY + "test_only_the_set_up_starts_pip"],
    "What the set-up installs stands in locks": [SECURITY + "test_each_package_of_the_locks_has_its_hashes"],
    "pip refuses a file whose hash is another": [SECURITY + "test_each_package_of_the_locks_has_its_hashes"],
    "JupyterLab listens on this machine alone": [SECURITY + "test_the_server_of_the_lessons_is_opened_to_nobody_else"],
    "Its news, its search for updates": [SECURITY + "test_the_server_asks_for_no_news"],
    "Options that you give": ["tests/start/test_lessons.py::test_our_options_are_taken_and_the_others_passed_on"],
    "The lessons and the progress": [
        "tests/start/test_folder.py::test_what_a_learner_needs_is_copied",
        "tests/start/test_environment.py::test_the_environment_can_be_elsewhere",
    ],
    "`save`, `render`, `--write`": [SECURITY + "test_nothing_is_sent_fetched_unpickled_started_or_written"],
    "In the temporary folder": ["tests/start/test_lessons.py::test_default_settings_leave_nothing_behind"],
    "JupyterLab and IPython keep settings": [],  # what others do
    "Names and labels are escaped": [
        SECURITY + "test_a_label_is_shown_and_does_not_run",
        "tests/test_hostile.py::test_a_hostile_text_stays_where_it_stands",
    ],
    "They carry a script": ["tests/live/test_cell_output.py::test_nothing_of_a_learners_text_is_markup"],
    "Where scripts are refused": [
        "tests/browser/test_policies.py::test_the_picture_stands_under_every_policy",
        "tests/browser/test_policies.py::test_the_picture_stands_without_scripts",
    ],
}
