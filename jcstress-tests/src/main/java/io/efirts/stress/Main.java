// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.Options;

/**
 * The doors of {@code rts stress}. Run in a directory that takes jcstress's files, with the stress
 * jar as the class path.
 */
final class Main {
  /**
   * A short run: each test in four JVMs (interpreter, C1, C2, C2 with shuffled scheduling), 0.6
   * seconds in each. Strides are short, since a test that parks takes long for a whole one. What
   * the user says goes first.
   */
  private static final List<String> QUICK =
      List.of(
          "-sc false",
          "-f 1",
          "-fsm 1",
          "-iters 3",
          "-time 200",
          "-strideSize 128",
          "-strideCount 10",
          "-hs 128",
          "-pth false");

  private Main() {}

  /** Takes the door, then jcstress's options or mutants' names; exits with 1 if a test failed. */
  public static void main(String[] args) throws Exception {
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    boolean good =
        switch (args.length == 0 ? "" : args[0]) {
          case "quick" -> quick(rest);
          case "mutants" -> MutantHunt.in(moduleDirectory()).kill(rest);
          default -> {
            System.err.println("usage: rts stress quick [JCSTRESS OPTIONS] | mutants [NAME ...]");
            System.exit(2);
            yield false;
          }
        };
    System.exit(good ? 0 : 1);
  }

  private static boolean quick(List<String> given) throws Exception {
    List<String> options = new ArrayList<>(given);
    for (String option : QUICK) {
      String[] nameAndValue = option.split(" ");
      if (!given.contains(nameAndValue[0])) {
        options.addAll(List.of(nameAndValue));
      }
    }
    Options parsed = new Options(options.toArray(String[]::new));
    if (!parsed.parse()) {
      // jcstress has said what is wrong, or printed the help that was asked for.
      System.exit(2);
    }
    if (parsed.shouldList() || parsed.shouldParse()) {
      org.openjdk.jcstress.Main.main(options.toArray(String[]::new));
      return true;
    }
    StressRun run = StressRun.of(parsed);
    run.print();
    return run.allPassed();
  }

  /** The stress jar lies in the module's target directory. */
  private static Path moduleDirectory() {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    return jar.getParent().getParent();
  }
}
