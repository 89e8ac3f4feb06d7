// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.exhausted;

import com.sun.management.ThreadMXBean;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.pstore.Pstore;
import io.efirts.pstore.log.LogRing;
import io.efirts.pstore.report.PanicReport;
import io.efirts.testkit.CallerThread;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process whose heap is full when it panics. Prints marks around the panic, so that what the JVM
 * logs in between can be told apart.
 */
public final class ExhaustedCrash {
  static final String BEGIN = "=== begin";
  static final String END = "=== end";

  private ExhaustedCrash() {}

  /**
   * Panics.
   *
   * @param args the image file; "inside" if another thread is to be stopped inside the firmware
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    boolean inside = args.length > 1 && args[1].equals("inside");
    LogRing log = new LogRing();
    for (int i = 0; i < 300; i++) {
      log.append(6, "line " + i + " of a process that is about to panic");
    }
    NvImage image = NvImage.open(file);
    StoppingFirmware firmware =
        new StoppingFirmware(ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build());
    DispatcherBuilder builder = Dispatcher.builder().firmware(firmware).calls(2);
    Dispatcher dispatcher = builder.start();
    Thread[] housekeeper = new Thread[1];
    Pstore pstore =
        Pstore.builder(dispatcher)
            .log(log)
            .threads(
                work -> {
                  housekeeper[0] = Thread.ofPlatform().daemon(true).unstarted(work);
                  return housekeeper[0];
                })
            .start();
    awaitFirstRounds(housekeeper[0]);
    if (inside) {
      firmware.stopNext();
      Thread stopped =
          Thread.ofPlatform().daemon(true).start(() -> StoppingFirmware.call(dispatcher));
      firmware.awaitStopped();
      CallerThread.awaitParked(stopped);
    }
    panic(pstore);
    // Without a clean end: threads are stopped inside.
    Runtime.getRuntime().halt(0);
  }

  /**
   * In its first round the store's thread reads what is in the store: one that comes to it when the
   * heap is full already would load classes, be inside the firmware, and try again.
   */
  private static void awaitFirstRounds(Thread housekeeper) {
    while (housekeeper.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("efi-rts")) {
        CallerThread.awaitParked(thread);
      }
    }
  }

  private static void panic(Pstore pstore) throws IOException, InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    byte[] begin = (BEGIN + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] end = (END + "\n").getBytes(StandardCharsets.US_ASCII);
    Duration grace = Duration.ofMillis(1);
    HeapFiller filler = new HeapFiller();
    Thread filling = Thread.ofPlatform().daemon(true).unstarted(filler);
    threads.getCurrentThreadAllocatedBytes();
    out.write('\n');
    filling.start();
    while (!filler.isFull()) {
      Thread.onSpinWait();
    }
    long refusedBefore = filler.refused();
    out.write(begin);
    long bytesBefore = threads.getCurrentThreadAllocatedBytes();
    PanicReport report = pstore.panic(grace);
    long bytes = threads.getCurrentThreadAllocatedBytes() - bytesBefore;
    out.write(end);
    long refusedAfter = filler.refused();
    filler.stop();
    filling.join();
    System.out.println(report);
    System.out.println("allocated=" + bytes);
    System.out.println("refusedMeanwhile=" + (refusedAfter - refusedBefore));
    System.out.println("interrupted=" + report.firmwareWasInterrupted());
    System.out.println("written=" + report.partsWritten() + " of " + report.parts());
  }
}
