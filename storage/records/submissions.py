"""What members propose for the catalogue, and what experts say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SubmissionState = Literal["draft", "waiting", "published", "rejected"]


@dataclass(frozen=True, slots=True)
class Submission:
    """A page that a member proposes; ``fields`` are texts as the catalogue reads them.

    ``is_own`` says that the member made it, ``is_trusted`` that it was published without anybody
    deciding. ``told_at`` is when the member heard of the decision, ``posted_at`` when moderators
    were shown it. ``source_id`` is the source that it came from by itself, proposed by nobody.
    ``n_sought`` reviews are asked for among experts, for the moderator ``sought_by``.
    """

    guild_id: int
    user_id: int
    url_key: str
    fields: Mapping[str, str]
    creator: str = ""
    is_own: bool = False
    is_trusted: bool = False
    state: SubmissionState = "draft"
    resource_id: int | None = None
    decided_by: int | None = None
    reason: str = ""
    created_at: float = 0.0
    submitted_at: float | None = None
    decided_at: float | None = None
    told_at: float | None = None
    posted_at: float | None = None
    source_id: int | None = None
    sought_by: int | None = None
    n_sought: int = 0
    submission_id: int = 0

    @property
    def written(self) -> dict[str, str]:
        """Every field as a text, the creator's name too."""
        return {**self.fields, **({"creator": self.creator} if self.creator else {})}

    @property
    def title(self) -> str:
        """What it is called, its address where nobody has said."""
        return self.fields.get("title") or self.fields["url"]


@dataclass(frozen=True, slots=True)
class Review:
    """What a member is asked to say, or said, of a submission: 1 to 5 each."""

    guild_id: int
    submission_id: int
    user_id: int
    asked_by: int
    asked_at: float
    is_correct: int | None = None
    is_clear: int | None = None
    is_current: int | None = None
    is_worth: int | None = None
    sentence: str = ""
    is_signed: bool = False
    told_at: float | None = None
    reviewed_at: float | None = None
    review_id: int = 0
