"""Airflow: the gap brief with the Papermill operator, then all briefs with the command.

The stock operator runs a Jupyter kernel per notebook; the command keeps warm processes.
"""

from datetime import datetime

from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator

HOME = "/srv/fenghua"
PARAMETERS = {"as_of": "auto", "lang": "zh-Hans", "audience": "public", "data": f"{HOME}/data/raw"}

with DAG(
    dag_id="fenghua_briefs",
    schedule="15 6 * * 1-5",
    start_date=datetime(2023, 1, 2),
    catchup=False,
):
    run = PapermillOperator(
        task_id="run_gap_notebook",
        input_nb=f"{HOME}/notebooks/02_gaps.ipynb",
        output_nb=f"{HOME}/data/processed/gaps-executed.ipynb",  # no page: it is not published
        parameters=PARAMETERS,
    )
    page = BashOperator(
        task_id="write_gap_page",
        cwd=HOME,
        bash_command=(
            ".venv/bin/jupyter nbconvert --to fenghua --output-dir reports --output gaps"
            " data/processed/gaps-executed.ipynb"
        ),
    )
    every = BashOperator(
        task_id="write_all_briefs",
        cwd=HOME,
        bash_command=".venv/bin/fenghua report --as-of auto --lang zh-Hans --lang en",
    )
    run >> page
