// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.path.PathSettings;
import io.efirts.dispatch.policy.WorkerWait;
import java.util.concurrent.ThreadFactory;

/**
 * How every firmware instance of a dispatcher is to be armed.
 *
 * @param plan how its memory is cut
 * @param threads makes its worker's thread; null if the embedder pumps
 * @param workerWait how its worker waits
 * @param interrupts defers cooperative stops while a path has the gate
 * @param reserveBytes non-volatile storage that writes leave free
 * @param path what callers get to see
 * @param steps told of every step, or null
 */
public record InstanceSettings(
    WorkItemPlan plan,
    ThreadFactory threads,
    WorkerWait workerWait,
    InterruptControl interrupts,
    long reserveBytes,
    PathSettings path,
    StepHook steps) {}
