"""The words that notes are made of."""

from __future__ import annotations


def words(text: str) -> list[str]:
    return text.split()


def phrases(text: str) -> list[str]:
    return text.split("|")


COMPANIES = ("acme", "bolt-and-sons", "cirrus", "dunmore")
TOPICS = words(
    "TCP UDP HTTP HTTPS HTTP2 QUIC DNS TLS OAuth SAML Kafka RabbitMQ Redis Memcached Postgres MySQL SQLite Cassandra "
    "DynamoDB Kubernetes Docker Terraform Ansible gRPC REST GraphQL Rust Go Python2 Python3 Java Kotlin TypeScript "
    "IPv4 IPv6 ext4 ZFS epoll mutexes semaphores B-trees LSM-trees heaps tries Dijkstra quicksort mergesort Raft "
    "Paxos CRDTs sharding replication partitioning backpressure idempotency memoization deadlocks livelocks"
)
SYSTEMS = phrases(
    "a rate limiter|a URL shortener|a news feed|a chat service|a payment ledger|a parking garage|a web crawler|"
    "a search box|a job scheduler|a metrics store|a file sync client|a ticket shop|a key-value store|a lock service|"
    "a video platform|an elevator|a notification service|a fraud check|a feature flag service|a photo album"
)
PROJECTS = words(
    "Atlas Borealis Comet Dolphin Ember Falcon Glacier Harbour Iris Juniper Kestrel Lighthouse Meridian Nimbus "
    "Orchard Pelican Quartz Ridge Saffron Tundra"
)
GENERIC = phrases(
    "What went well?|What went wrong?|What would you do differently?|What was your role?|What did you learn?|"
    "Which part was hardest?|Who pushed back?|How did the rollout go?|How large was the team?|Did it pay off?|"
    "Is it still running?|What would the others say?|How did you measure success?"
)
STORIES = phrases(
    "Tell me about a time you failed|Describe a conflict with a colleague|Tell me about a time you disagreed with "
    "your manager|Describe a decision you regret|Tell me about a deadline you missed|What is your biggest weakness?|"
    "How do you give feedback?|Tell me about a time you led without authority|Why are you leaving your job?|"
    "How do you learn a new language?|Tell me about your proudest bug fix|Where do you see yourself in five years?"
)
SERIES: tuple[str, ...] = (
    "What is {topic}?",
    "How does {topic} work?",
    "When would you use {topic}?",
    "What are the limits of {topic}?",
    "What is the difference between {topic} and {other}?",
    "Why do people prefer {topic} to {other} in large companies?",
    "Explain {topic} to somebody who has never written a program",
    "Have you used {topic}?",
    "Do you still use {topic} at work?",
)
SHORT = phrases(
    "Yes, often.|No, never.|Yes.|No.|It depends.|Sometimes, when I must.|Six people.|Yes, for two years.|Only at home."
)
SIMILAR = phrases(
    "A transport protocol.|A protocol of the transport layer.|A database.|A database with one writer.|"
    "A queue.|A queue that keeps what was read.|A protocol on top of another."
)
NOUNS = words(
    "latency throughput queue cache index partition leader follower client gateway invoice parcel schedule carrier "
    "dashboard alert runbook migration schema snapshot backup replica shard bucket token header socket buffer thread "
    "worker batch cursor window contract customer auditor budget roadmap rollout incident postmortem ticket review "
    "interview mentor newcomer designer analyst warehouse depot locker label tariff ledger balance refund currency "
    "timeout retry checksum manifest lockfile compiler linker parser lexer grammar kernel driver page segment"
)
VERBS = words(
    "measured rewrote removed split merged delayed doubled halved documented automated replaced cached indexed "
    "partitioned retried dropped renamed reviewed shipped reverted profiled simplified copied compressed verified "
    "moved locked drained restored audited negotiated explained postponed cancelled repaired"
)
ADJECTIVES = words(
    "slow nightly manual weekly broken quiet expensive careful second legacy shared central remote internal public "
    "brittle simple ordered lossy partial hidden daily stale early late hourly clumsy generous"
)
LINKS = ("because", "so that", "although", "until", "before", "after", "while", "and later")
BOILERPLATE = (
    "I would start with the requirements, estimate the load, and sketch the API and the data model.",
    "Then I would look for the bottleneck, and talk about replication, failure and cost.",
    "I led a team of six, owned the design, and reported to the head of engineering.",
    "The situation was difficult, the deadline was near, and nobody wanted to decide.",
    "It keeps the order of what was written, and gives up when the other side is gone.",
)
SYNONYMS = {
    "what": "which thing",
    "explain": "describe",
    "describe": "talk about",
    "tell": "inform",
    "difference": "distinction",
    "large": "big",
    "biggest": "greatest",
    "use": "employ",
    "used": "employed",
    "work": "function",
    "people": "folks",
    "prefer": "favour",
    "companies": "firms",
    "limits": "limitations",
    "would": "might",
    "design": "build",
    "time": "moment",
    "role": "part",
    "hardest": "toughest",
    "colleague": "coworker",
    "manager": "boss",
    "conflict": "quarrel",
    "decision": "choice",
    "deadline": "due date",
    "learn": "take away",
    "feedback": "criticism",
    "program": "piece of code",
    "wrong": "badly",
    "well": "nicely",
    "differently": "otherwise",
    "weakness": "flaw",
    "job": "position",
}
FILLERS = ("really", "exactly", "in practice", "today", "in your own words", "briefly", "at scale", "for a start")
DROPPABLE = frozenset(words("the a an do you would to me about what is how of your it still in at exactly really"))
"""What a question can lack and still ask the same."""
