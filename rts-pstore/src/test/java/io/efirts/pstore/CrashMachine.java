// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.CallResult;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepLog;
import io.efirts.testkit.step.StepStop;
import io.efirts.testkit.step.SteppedStorage;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A dispatcher and a store of records over the reference firmware, every step of which is told.
 * There is a variable "V" of the value {@link #OLD}.
 */
final class CrashMachine implements AutoCloseable {
  static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");
  static final byte OLD = 1;
  static final byte NEW = 2;
  static final Duration WEDGE_LIMIT = Duration.ofSeconds(1);

  /** Three records of the default size. */
  private static final int KMSG_BYTES = 1400;

  final VirtualClock clock = new VirtualClock();
  final TextLog log = TextLog.ofLines(200);

  /** Told before {@link #steps}: nobody who follows those goes on because of a stopped step. */
  final StepHooks hooks = new StepHooks();

  final StepLog steps = new StepLog();
  final FirmwareHold hold = new FirmwareHold();
  final RecordedRecords told = new RecordedRecords();
  final SteppedStorage storage;
  final Dispatcher dispatcher;
  final Pstore pstore;

  /** Others than the holder that are on their way, to be waited for at the end. */
  final List<CallerThread<?>> bystanders = new ArrayList<>();

  private final List<StepStop> stops = new ArrayList<>();
  private final ReferenceFirmware reference;

  /** Firmware has no room for what this thread writes in the ordinary way. */
  private volatile Thread refused;

  CrashMachine(Holder holder, boolean crashEntry) throws Exception {
    storage = new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_2M).storage());
    reference = ReferenceFirmware.builder(NvImage.of(storage)).phase(FirmwarePhase.RUNTIME).build();
    StepHooks all = new StepHooks(hooks, steps);
    ScriptedFirmware firmware =
        new ScriptedFirmware(reference)
            .on(RuntimeService.SET_VARIABLE, this::setVariable)
            .on(RuntimeService.GET_TIME, hold)
            .on(RuntimeService.RESET_SYSTEM, frame -> EfiStatusCode.UNSUPPORTED)
            .on(
                RuntimeService.SET_TIME,
                frame -> {
                  throw new IllegalStateException("injected");
                });
    if (!crashEntry) {
      firmware.crashEntry(null);
    }
    DispatcherBuilder builder =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(4)
            .bufferBytes(8192)
            .clock(clock)
            .wedgeLimit(RuntimeService.GET_TIME, WEDGE_LIMIT)
            .resetWait(Patience.LIMIT)
            .closeWait(Patience.LIMIT)
            .stepHook(all);
    dispatcher = (holder.needsWorker() ? builder : builder.invoker()).start();
    pstore =
        Pstore.builder(dispatcher)
            .log(log)
            .kmsgBytes(KMSG_BYTES)
            .deferredRecords(holder.laneSlots())
            .whenFull(holder.whenFull())
            .listener(told)
            .stepHook(all)
            .invoker()
            .start();
    write(OLD);
    awaitWorker();
  }

  /** Until the worker has made its last step of every call: it wakes the caller before. */
  void awaitWorker() throws InterruptedException {
    steps.awaitCount(Step.CALL_DONE, (int) steps.count(Step.CALL_QUEUED));
  }

  private long setVariable(CallFrame frame) {
    return Thread.currentThread() == refused
        ? EfiStatusCode.OUT_OF_RESOURCES
        : reference.call(frame);
  }

  /** A queued write of variable "V". */
  CallResult write(byte value) {
    return dispatcher.runtimeServices().setVariable("V", GUID, 7, 1, data(value));
  }

  /** A direct one. */
  CallResult writeDirectly(byte value) {
    return dispatcher.nonBlocking().setVariable("V", GUID, 7, 1, data(value));
  }

  private static MemorySegment data(byte value) {
    return MemorySegment.ofArray(new byte[] {value});
  }

  /** Dumps on the current thread while firmware has no room for it. */
  DumpOutcome dumpRefused() {
    return refused(() -> pstore.dump(DumpReason.OOPS));
  }

  /** Makes rounds on the current thread while firmware has no room for it. */
  void pumpRefused(int rounds) {
    refused(
        () -> {
          for (int i = 0; i < rounds; i++) {
            pstore.pump();
          }
          return null;
        });
  }

  private <T> T refused(Supplier<T> work) {
    refused = Thread.currentThread();
    try {
      return work.get();
    } finally {
      refused = null;
    }
  }

  /** A call into the firmware that stays inside until {@link #hold} is released. */
  CallerThread<CallResult> stayInside() throws InterruptedException {
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    bystanders.add(inside);
    hold.awaitEntered();
    return inside;
  }

  byte[] image() {
    return StoreContent.bytes(storage);
  }

  /** Something to be released at the end. */
  void atEnd(StepStop stop) {
    stops.add(stop);
  }

  /** Lets everybody who was stopped go on to the end. */
  void awaitBystanders() throws InterruptedException {
    release();
    for (CallerThread<?> bystander : bystanders) {
      bystander.result();
    }
  }

  private void release() {
    stops.forEach(StepStop::release);
    hold.release();
  }

  @Override
  public void close() {
    release();
    pstore.close();
    dispatcher.close();
  }
}
