export default function LandingPage() {
  return <main>Data Query Agent</main>;
}
