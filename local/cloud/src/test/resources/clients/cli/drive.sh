#!/usr/bin/env bash
# Creates, reads, updates, lists and destroys one of each kind through the AWS CLI.
# Arguments: the endpoint, a suffix for names, and which: messages, workflow, alarm, object, mail.
# Prints "ok KIND" for each kind that went through.
set -euo pipefail
endpoint=$1 suffix=$2
shift 2
wanted=" $* "
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT

cloud() { aws --endpoint-url "$endpoint" --output text "$@"; }
is() { [ "$1" = "$2" ] || { echo "expected '$2' but was '$1'" >&2; exit 1; }; }
fails() {
    local code=$1
    shift
    ! cloud "$@" 2> error || { echo "no $code" >&2; exit 1; }
    grep -q "$code" error || { cat error >&2; exit 1; }
}

wants() { [[ $wanted == *" $1 "* ]]; }

if wants messages; then
    name=cli-queue-$suffix
    queue=$(cloud sqs create-queue --queue-name "$name" --tags a=b --query QueueUrl)
    is "$(cloud sqs get-queue-attributes --queue-url "$queue" --attribute-names All --query Attributes.VisibilityTimeout)" 30
    cloud sqs set-queue-attributes --queue-url "$queue" --attributes VisibilityTimeout=31
    is "$(cloud sqs list-queue-tags --queue-url "$queue" --query Tags.a)" b
    is "$(cloud sqs list-queues --queue-name-prefix "$name" --query 'QueueUrls[0]')" "$queue"
    cloud sqs send-message --queue-url "$queue" --message-body x > sent
    is "$(cloud sqs receive-message --queue-url "$queue" --wait-time-seconds 20 --query 'Messages[0].Body')" x
    arn=$(cloud sqs get-queue-attributes --queue-url "$queue" --attribute-names QueueArn --query Attributes.QueueArn)
    echo ok queue

    topic=$(cloud sns create-topic --name "cli-topic-$suffix" --tags Key=a,Value=b --query TopicArn)
    cloud sns set-topic-attributes --topic-arn "$topic" --attribute-name DisplayName --attribute-value T
    is "$(cloud sns get-topic-attributes --topic-arn "$topic" --query Attributes.DisplayName)" T
    is "$(cloud sns list-tags-for-resource --resource-arn "$topic" --query 'Tags[0].Value')" b
    is "$(cloud sns list-topics --query "Topics[?TopicArn=='$topic'].TopicArn")" "$topic"
    echo ok topic

    subscription=$(cloud sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint "$arn" --return-subscription-arn --query SubscriptionArn)
    cloud sns set-subscription-attributes --subscription-arn "$subscription" --attribute-name RawMessageDelivery --attribute-value true
    is "$(cloud sns get-subscription-attributes --subscription-arn "$subscription" --query Attributes.RawMessageDelivery)" true
    is "$(cloud sns list-subscriptions-by-topic --topic-arn "$topic" --query 'length(Subscriptions)')" 1
    cloud sns unsubscribe --subscription-arn "$subscription"
    cloud sns delete-topic --topic-arn "$topic"
    fails NotFound sns get-topic-attributes --topic-arn "$topic"
    echo ok subscription

    rule=cli-rule-$suffix
    cloud events put-rule --name "$rule" --event-pattern '{"source":["cli"]}' > rule
    cloud events put-rule --name "$rule" --event-pattern '{"source":["cli"]}' --description changed > rule
    is "$(cloud events describe-rule --name "$rule" --query Description)" changed
    cloud events put-targets --rule "$rule" --targets "Id=1,Arn=$arn" > targets
    is "$(cloud events list-targets-by-rule --rule "$rule" --query 'Targets[0].Arn')" "$arn"
    is "$(cloud events list-rules --name-prefix "$rule" --query 'Rules[0].Name')" "$rule"
    cloud events put-events --entries '[{"Source":"cli","DetailType":"d","Detail":"{}"}]' > put
    is "$(cloud sqs receive-message --queue-url "$queue" --wait-time-seconds 20 --query 'length(Messages)')" 1
    cloud events remove-targets --rule "$rule" --ids 1 > removed
    cloud events delete-rule --name "$rule"
    fails ResourceNotFoundException events describe-rule --name "$rule"
    cloud sqs delete-queue --queue-url "$queue"
    fails NonExistentQueue sqs get-queue-url --queue-name "$name"
    echo ok rule
fi

if wants workflow; then
    definition='{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}'
    machine=$(cloud stepfunctions create-state-machine --name "cli-machine-$suffix" --definition "$definition" --role-arn arn:aws:iam::000000000000:role/states --query stateMachineArn)
    cloud stepfunctions update-state-machine --state-machine-arn "$machine" --definition "${definition/\"A\"/\"A\",\"Comment\":\"2\"}" > updated
    cloud stepfunctions describe-state-machine --state-machine-arn "$machine" --query definition > described
    grep -q Comment described
    execution=$(cloud stepfunctions start-execution --state-machine-arn "$machine" --query executionArn)
    until [ "$(cloud stepfunctions describe-execution --execution-arn "$execution" --query status)" = SUCCEEDED ]; do sleep 0.1; done
    is "$(cloud stepfunctions list-executions --state-machine-arn "$machine" --query 'executions[0].executionArn')" "$execution"
    cloud stepfunctions delete-state-machine --state-machine-arn "$machine"
    echo ok workflow
fi

if wants alarm; then
    alarm=cli-alarm-$suffix
    put_alarm() {
        cloud cloudwatch put-metric-alarm --alarm-name "$alarm" --namespace cli --metric-name m --statistic Sum \
            --period 60 --evaluation-periods 1 --comparison-operator GreaterThanThreshold "$@"
    }
    put_alarm --threshold 1 --tags Key=a,Value=b
    put_alarm --threshold 2
    is "$(cloud cloudwatch describe-alarms --alarm-names "$alarm" --query 'MetricAlarms[0].Threshold')" 2.0
    alarm_arn=$(cloud cloudwatch describe-alarms --alarm-names "$alarm" --query 'MetricAlarms[0].AlarmArn')
    is "$(cloud cloudwatch list-tags-for-resource --resource-arn "$alarm_arn" --query 'Tags[0].Value')" b
    cloud cloudwatch delete-alarms --alarm-names "$alarm"
    is "$(cloud cloudwatch describe-alarms --alarm-names "$alarm" --query 'length(MetricAlarms)')" 0
    echo ok alarm
fi

if wants object; then
    bucket=cli-bucket-$suffix
    cloud s3 mb "s3://$bucket" > made
    head -c 9000000 /dev/urandom > big
    mkdir -p tree/a
    echo 1 > tree/a/1
    echo 2 > 'tree/2 3'
    cloud s3 cp --quiet big "s3://$bucket/big"
    cloud s3 cp --quiet "s3://$bucket/big" back
    cmp big back
    cloud s3 sync tree "s3://$bucket/tree" > synced
    is "$(cloud s3api list-objects-v2 --bucket "$bucket" --query 'length(Contents)')" 3
    cloud s3 ls --recursive "s3://$bucket" > listed
    grep -q 'tree/2 3' listed
    cloud s3api get-object --bucket "$bucket" --key tree/a/1 --range bytes=0-0 one > got
    is "$(cat one)" 1
    fails BucketNotEmpty s3api delete-bucket --bucket "$bucket"
    cloud s3 rb --force "s3://$bucket" > removed
    is "$(cloud s3api list-buckets --query "length(Buckets[?Name=='$bucket'])")" 0
    echo ok object
fi

if wants mail; then
    identity=cli-$suffix@example.org
    cloud ses verify-email-identity --email-address "$identity"
    is "$(cloud ses get-identity-verification-attributes --identities "$identity" --query "VerificationAttributes.\"$identity\".VerificationStatus")" Success
    cloud ses send-email --from "$identity" --to ada@example.org --subject s --text t > mail
    is "$(cloud ses list-identities --query "length(Identities[?@=='$identity'])")" 1
    cloud ses delete-identity --identity "$identity"
    echo ok mail
fi
