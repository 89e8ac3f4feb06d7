// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.dispatch.entry.ContextRepairs;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.path.EmergencyProgress;
import io.efirts.dispatch.path.ResetFallbacks;
import io.efirts.dispatch.policy.LatencyRecorder;

/**
 * What outlives a firmware instance: what was seen, and what is pending.
 *
 * @param observer counters and events
 * @param repairs what firmware broke
 * @param bypassLog the last direct calls
 * @param latencies takes the times of queued calls, or null
 * @param capsule which reset is pending
 * @param fallbacks reset when firmware does not
 * @param progress whether a panicking thread gets on
 * @param watchman watches over what nobody waits for
 */
public record SharedState(
    Observer observer,
    ContextRepairs repairs,
    BypassLog bypassLog,
    LatencyRecorder latencies,
    PendingCapsule capsule,
    ResetFallbacks fallbacks,
    EmergencyProgress progress,
    Watchman watchman) {}
