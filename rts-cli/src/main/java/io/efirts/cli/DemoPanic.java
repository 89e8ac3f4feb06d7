// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.storage.MappedFileStorage;
import io.efirts.firmware.store.NvImage;
import io.efirts.pstore.Pstore;
import io.efirts.pstore.log.LogRing;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.report.PanicReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The demo's end: one thread is stopped inside the firmware, in the middle of a write, while
 * another one panics; after a reboot the log is read back.
 */
final class DemoPanic {
  private static final Duration GRACE = Duration.ofMillis(10);
  private static final int LINES = 120;
  private static final int LEVEL_EMERGENCY = 0;
  private static final int LEVEL_INFO = 6;
  private static final double NANOS_PER_MICRO = 1000;
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  private static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  private final PrintWriter out;
  private final String token;
  private final MachineArch arch;

  DemoPanic(PrintWriter out, String token, MachineArch arch) {
    this.out = out;
    this.token = token;
    this.arch = arch;
  }

  /** Panics over an image that nobody has open; throws unless every part is written. */
  void panic(Path path) {
    try (MappedFileStorage file = MappedFileStorage.open(path)) {
      StoppingStorage storage = new StoppingStorage(file);
      try (Dispatcher dispatcher =
              Dispatcher.builder()
                  .firmware(arch.factory(NvImage.of(storage), FirmwarePhase.RUNTIME))
                  .start();
          Pstore pstore = Pstore.builder(dispatcher).log(log()).start()) {
        panic(dispatcher, storage, pstore);
      }
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }

  private LogRing log() {
    LogRing log = new LogRing();
    for (int i = 1; i <= LINES; i++) {
      log.append(LEVEL_INFO, "demo: line " + i + " of the log");
    }
    log.append(LEVEL_EMERGENCY, "demo: panic, token " + token);
    return log;
  }

  private void panic(Dispatcher dispatcher, StoppingStorage storage, Pstore pstore) {
    CompletableFuture<CallResult> stopped = new CompletableFuture<>();
    storage.stopNext();
    Thread inside =
        Thread.ofPlatform()
            .name("rts-demo-inside")
            .daemon(true)
            .start(() -> stopped.complete(setVariable(dispatcher)));
    try {
      storage.awaitStopped();
      out.println("A thread is stopped inside SetVariable, before its commit. Another one panics:");
      long start = System.nanoTime();
      PanicReport report = pstore.panic(GRACE);
      print(report, System.nanoTime() - start);
      if (report.parts() == 0 || report.partsWritten() != report.parts()) {
        throw new CliException("every part of the dump must be written: " + report);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    } finally {
      storage.resume();
    }
    out.println(
        "The stopped thread goes on, too late: its SetVariable says " + end(stopped, inside));
    out.flush();
  }

  private static CallResult setVariable(Dispatcher dispatcher) {
    MemorySegment value = MemorySegment.ofArray(new byte[64]);
    CallResult result;
    do {
      result =
          dispatcher
              .nonBlocking()
              .setVariable("RtsStopped", GUID, ATTRIBUTES, value.byteSize(), value);
      // Crash records are being housekept: somebody else is inside for a moment.
    } while (result.outcome() == Outcome.BUSY);
    return result;
  }

  private static CallResult end(CompletableFuture<CallResult> stopped, Thread inside) {
    try {
      inside.join();
      return stopped.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    } catch (ExecutionException e) {
      throw new CliException("the stopped call must end: " + e.getCause(), e);
    }
  }

  private void print(PanicReport report, long nanos) {
    out.printf(
        Locale.ROOT,
        "panic                    firmware taken over  %.1f us  %d of %d parts written, by %s%n",
        nanos / NANOS_PER_MICRO,
        report.partsWritten(),
        report.parts(),
        report.firmwareWasInterrupted() ? "the crash entry" : "ordinary calls");
  }

  /** Reads the newest dump; throws unless the token is in it. */
  void requireToken(OpenStore store, PrintWriter err) {
    CrashRecords records = store.crashRecords(err);
    if (records.dumps().isEmpty()) {
      throw new CliException("the dump must be in the store: dumps=0");
    }
    CrashDump newest = records.dumps().getLast();
    String log = new String(newest.log(), StandardCharsets.UTF_8);
    String[] lines = log.split("\n");
    out.println(
        newest.reason().title()
            + " dump: "
            + newest.parts().size()
            + " records, "
            + lines.length
            + " lines, the last one: "
            + Printable.text(lines[lines.length - 1]));
    if (!log.contains(token)) {
      throw new CliException("the log read back must contain the token: token=" + token);
    }
  }
}
