echo "runs in $(basename "$PWD") as job $JOB_NAME"
