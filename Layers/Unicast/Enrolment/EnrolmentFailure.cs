namespace Ouroboros.Layers.Unicast.Enrolment;

/// <summary>Why an enrolment did not come about, at either side; each is counted.</summary>
public enum EnrolmentFailure
{
    /// <summary>The other side said nothing in time.</summary>
    Silent,

    /// <summary>The flow ended first.</summary>
    FlowEnded,

    /// <summary>What came is no message of an enrolment.</summary>
    Malformed,

    /// <summary>The answer is for another enrolment.</summary>
    WrongId,

    /// <summary>The member said no.</summary>
    Denied,

    /// <summary>The layer is of another kind.</summary>
    WrongType,

    /// <summary>The configuration is missing, incomplete, or asks for what this build does not have.</summary>
    BadConfig,

    /// <summary>Connection establishment failed.</summary>
    NotConnected,

    /// <summary>The enrolee said that it could not become a member.</summary>
    FailedThere,

    /// <summary>As many enrolments are served as may.</summary>
    TooMany,

    /// <summary>This member is not ready to enrol others.</summary>
    NotReady,

    /// <summary>A message could not be sent.</summary>
    NotSent,
}
